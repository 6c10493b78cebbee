/** The options of `belamy train` and `belamy data` for pictures that others belong to. */
export const pairOptions = `Options for pairs and maps
  --given SOURCE      what belongs to each picture: a folder or zip of pictures
                      of the same names, or a folder in SOURCE; edges or grey
                      are made from the pictures themselves
  --within FOLDER     the folder in SOURCE that the pictures are in
  --pairs WORD        side-by-side, when each file holds A and B
  --direction WORD    AtoB, where A is given, or BtoA (AtoB)
  --legend FILE       the classes of maps and their colours; auto for every
                      colour there is (those that dataset.json names)
  --void NAMES        classes that count nowhere (void, unlabelled, ignored)`;
