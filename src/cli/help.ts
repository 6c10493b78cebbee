import { curveHelp } from "./help-curve.js";
import { pairOptions } from "./help-pairs.js";
import { portraitHelp } from "./help-portrait.js";
import { serveHelp } from "./help-serve.js";

/** What `--help` prints, by command; every example is run by a test. */
export const help = {
  belamy: `belamy: adversarial machine learning on the machine you have

Usage
  belamy COMMAND [options]

Commands
  train     play a system on data; leaves a run folder that explains itself
  studio    see the two networks fight, in a page of this machine
  generate  make pictures or points with a trained generator
  apply     make pictures from pictures with what a run has learned
  upscale   make textures larger, whole folders of them
  fill      fill what is missing in data with what a run has learned
  serve     a page and an address with a fresh picture at every visit
  portrait  the framed picture of a run, signed with the formula
  evaluate  score what a run makes beside real data
  curve     score pictures made larger, and draw the curve between two networks
  export    write a run's generator as ONNX or safetensors, and check it
  systems   the games that can be played, as their papers have them
  data      look at data as a run sees them, or write them anew
  runs      the runs in ./runs
  doctor    what ails a run, and what to do about it

Options
  -h, --help     show this help, or that of a command: belamy train --help
  -v, --version  show the version
  --debug        show the stack of an unexpected error

Examples
  belamy train ring --system gan --rounds 500
  belamy studio
  belamy generate
  belamy systems dcgan
`,
  train: `belamy train: play a system on data

Usage
  belamy train SOURCE [options]
  belamy train --resume RUN [options]
  belamy train --branch RUN [options]

  SOURCE is shapes, ring, grid, moons, checkerboard, spirals, blobs, bimodal,
  mixture-4d, gaussians-2d, designs, mugs, avatars, portraits, products, scenes,
  letters, factors, dead-leaves, textures or patterns:u1 to u4 and n1 to n3;
  mnist, fashion-mnist or cifar10, downloaded once; or files: a picture, a
  folder, zip, tar or Parquet of pictures, MNIST's or CIFAR's own, .npy, .npz
  or .csv.

Options
  --system NAME       the game to play; belamy systems lists them (r3gan)
  --rounds N          rounds to play (the system's own number)
  --minutes N         play for so long instead
  --seed N            where chance begins (0)
  --hyper NAME=VALUE  a hyper-parameter; each is a flag too, such as --lr 1e-4;
                      belamy systems NAME lists them
  --preset NAME       named settings, such as the paper's; belamy systems NAME
                      lists them
  --features FILE     a network that losses compare pictures by, such as
                      vgg19.safetensors or an .onnx (the system's own)
  --device NAME       auto, cpu, webgpu or cuda (auto)
  --replicas N        worker threads that share each batch (auto)
  --out FOLDER        the run folder (runs/<number>-<system>-<data>-seed<seed>)
  --resume RUN        go on with a run: its folder or its number
  --branch RUN        begin a new run where that one is, perhaps with other
                      hyper-parameters; --rounds and --minutes are then how much
                      more is played (what that run has left)
  --checkpoint ROUND  begin the branch at this checkpoint (the newest)
  --dry-run           show the game, its networks and their cost, and stop
  --profile [FILE]    play a few rounds (or --rounds), show where the time goes,
                      and keep a trace for Chrome or Perfetto (profile.json)
  --no-cache          decode and compile again, and keep nothing of it on disk
  --json              print events, or the profile, as JSON lines
  --quiet             print nothing but the run folder
  -h, --help          show this help

Options for pictures
  --size N|HxW        pixels a side (their own up to 64, otherwise 64)
  --color WORD        auto, rgb or grey (auto)
  --fit WORD          crop or pad other aspects (crop)
  --filter WORD       lanczos3, cubic or nearest (lanczos3)
  --background COLOR  seen through transparency and beside padding (white)
  --split WORD        train or test, where there are both (train)
  --label COLUMN      the classes in a table: a column's name or number, or none
  --classes NAMES     the order of a table's classes, as in ham,spam (by name)
  --leave COLUMNS     columns of a table to do without, as in name,3
  --category COLUMNS  columns that are categories, though numbers or many words
  --skip-missing      leave out rows of a table in which a value is missing
  --skip-bad          leave bad files out, and list them
  --limit N           at most so many, evenly spread; points: how many to draw

${pairOptions}

Ctrl-C saves and stops; a second one quits at once. Decoded pictures and
compiled steps are kept in $BELAMY_CACHE, or where the system has caches
(~/.cache/belamy).

Examples
  belamy train ring --system gan --rounds 500
  belamy train photos --system dcgan --size 32 --minutes 30
  belamy train shapes --size 16 --lr 2e-4 --seed 3
  belamy train photos.zip --system dcgan --width 64 --dry-run
  belamy train ring --system gan --profile trace.json
`,
  generate: `belamy generate: make pictures or points with a trained generator

Usage
  belamy generate [RUN|FILE.onnx] [options]

  RUN is a run folder, its number or its name; the latest when left out.

Options
  --grid RxC    one picture of so many rows and columns (8x8)
  --count N     so many single files instead; for points, how many (1000)
  --walk        a walk from latent to latent instead, as a moving picture
  --seed N      where chance begins (0)
  --out PATH    a .png or .webp; for --count a name such as faces/face.png; for
                --walk .webp or .gif; for points .csv or .json
  -h, --help    show this help

Examples
  belamy generate
  belamy generate 1 --grid 4x6 --seed 7 --out sheet.webp
  belamy generate 1 --count 3 --out faces/face.png
  belamy generate 1 --walk --out walk.webp
`,
  upscale: `belamy upscale: make textures larger, whole folders of them

Usage
  belamy upscale SOURCE [options]

  SOURCE is a folder, a zip or a picture: PNG, JPEG, WebP, TGA or DDS. Folders
  and formats stay as they are.

Options
  --model SOURCE      what makes them larger: ESRGAN weights (.safetensors
                      or .pth), a model (.onnx), a run's folder, bicubic or
                      lanczos (bicubic)
  --out PATH          a folder; for a single picture a file (SOURCE-x4)
  --scale N           how many times larger, for bicubic and lanczos (4)
  --down N            results so many times smaller than the model's, by Lanczos
  --size N|HxW        results no larger: the longer side, or both; by Lanczos
  --to WORD           keep, png, jpeg, webp, tga, or a DDS: bc1, bc3, bc7, rgba,
                      bgra (keep)
  --seamless [WORD]   which go on at their other side: all, none, or auto, as
                      their edges say (auto; without a word all)
  --alpha WORD        what makes alpha larger: kernel or model (kernel)
  --normal-maps GLOB  further normal maps, with commas between, beside those
                      whose names end in _n, _normal or _nrm
  --palette WORD      PNGs with a palette: keep, the source's colours, or N
  --tile N            side of a network's largest tile in pixels (224 for ×4)
  --device NAME       where a network runs: cpu, webgpu or cuda (cpu)
  --skip-bad          leave bad files out, and list them
  --dry-run           say what would be done to each file, and stop
  --json              print the report as JSON
  -h, --help          show this help

Ctrl-C stops; the same command goes on where it was. report.json, beside the
results, has for each file how near it comes to its source when made as small
again, its mean colours, and the steps at its edges.

Examples
  belamy upscale photos
  belamy upscale photos.zip --out photos-hd --down 2 --seamless --dry-run
  belamy upscale photos --out photos-dds --model lanczos --scale 2 --to bc7
  belamy upscale photos/3.png --out 3-large.png --palette keep
`,
  fill: `belamy fill: fill what is missing in data with what a run has learned

Usage
  belamy fill RUN DATA --out PATH [options]

  RUN is a run folder, its number or its name, of a system that can fill, such
  as missing-data. DATA is a table with missing cells, or pictures.

Options
  --out PATH       for a table a .csv, which is DATA with its cells filled, or
                   .npz; for pictures a folder or .zip
  --seed N         where chance begins (0); another seed, another filling
  --count N        so many fillings, by the seeds that follow: PATH-01, PATH-02
  --known PICTURE  for pictures: what is white in it is known, and kept
  -h, --help       show this help

Examples
  belamy train table.csv --system missing-data --rounds 500
  belamy fill missing-data-table-seed0 table.csv --out filled.csv
  belamy fill missing-data-table-seed0 table.csv --out three.csv --count 3
`,
  apply: `belamy apply: make pictures from pictures with what a run has learned

Usage
  belamy apply RUN PICTURES --out PATH [options]

  RUN is a run folder, its number or its name, of a system that makes pictures
  from pictures, such as pix2pix. PICTURES is a picture, a folder or a zip: what
  is given, edges for a run that makes products of edges. With --given edges
  they are photos, of which the edges are taken first.

Options
  --out PATH   a folder, where what is made has the names of what it was made
               from; a .png for one picture, or a .zip; FITS is made of FITS
  --own-size   pictures keep their size, nearly, instead of the run's
  --size N|HxW pixels a side of what is given (those of the run's)
  -h, --help   show this help; other options for pictures are those of
               belamy train

Examples
  belamy train products --system pix2pix --rounds 300 --out runs/products
  belamy apply products photos --out made
`,
  curve: curveHelp,
  portrait: portraitHelp,
  serve: serveHelp,
  evaluate: `belamy evaluate: score what a run makes beside real data

Usage
  belamy evaluate [RUN|FILE.onnx] [options]

  RUN is a run folder, its number or its name; the latest when left out. Its
  newest checkpoint is judged, and scores.json in the folder keeps the scores.

Options
  --data SOURCE      data to hold samples against (those of the run)
  --against WORD     train or test (test where there is one); the other split
                     gives each score its floor
  --features WORD    what pictures are compared by: classifier, trained once on
                     the data and kept; pixels; random-conv, an untrained
                     network; or any network, FILE.onnx (classifier where the
                     data have up to 100 classes, otherwise random-conv)
  --inception FILE   your Inception-v3 as ONNX, for FID and Inception Score
  --samples N        how many to draw (as many as real ones, up to 10,000;
                     points 2,500; with --inception 50,000)
  --seed N           where chance begins (0)
  --neighbours FILE  a sheet, .png or .webp: samples, each beside the training
                     pictures that are nearest to it
  --perceptual-path  how fast features change from latent to latent
  --stacked SOURCE   for stacked digits: single digits with classes, to count
                     the modes that three channels make, of 26,000 samples
                     (those of the run, when it is on stacked:SOURCE)
  --json             print as JSON
  -h, --help         show this help

Options for a network of your own
  --output NAME      the output that is the features (the first)
  --resize WORD      bicubic as clean-fid, bilinear, or bilinear-tf1 (bicubic)
  --range WORD       what it takes: signed, -1 to 1; unit, 0 to 1; byte, 0 to
                     255; imagenet (what its metadata say, otherwise signed)

Examples
  belamy evaluate
  belamy evaluate 1 --features pixels --samples 200 --neighbours near.png
  belamy evaluate 1 --data shapes --features random-conv --samples 64 --json
`,
  export: `belamy export: write what a run has learned, and check it by running it

Usage
  belamy export [RUN] [options]

  RUN is a run folder, its number or its name; the latest when left out.

Options
  --format WORD  onnx: a model for any runtime of ONNX, checked by running it;
                 safetensors: the numbers that it reads, by name (onnx)
  --out FILE     where to (generator.onnx in the run folder)
  -h, --help     show this help

Examples
  belamy export
  belamy export 1 --format safetensors --out ring.safetensors
`,
  systems: `belamy systems: the games that can be played

Usage
  belamy systems [NAME] [options]

Options
  --preset NAME  with its named settings, such as the paper's
  --bibtex       print the citation as BibTeX
  --json         print as JSON
  -h, --help     show this help

Examples
  belamy systems
  belamy systems dcgan
  belamy systems gan --bibtex
`,
  data: `belamy data: look at data as a run sees them, or write them anew

Usage
  belamy data [inspect] SOURCE [options]
  belamy data convert SOURCE OUT [options]

  SOURCE is shapes, ring, grid, moons, checkerboard, spirals, blobs, bimodal,
  mixture-4d, gaussians-2d, designs, mugs, avatars, portraits, products, scenes,
  letters, factors, dead-leaves, textures or patterns:u1 to u4 and n1 to n3;
  mnist, fashion-mnist or cifar10, downloaded once; or files: a picture, a
  folder, zip, tar or Parquet of pictures, MNIST's or CIFAR's own, .npy, .npz
  or .csv.

  OUT is a folder of PNGs with a folder for each class; a .zip as StyleGAN's,
  with dataset.json; or a .npz of arrays. Items and labels come back as before.

Options
  --out FILE          inspect: a contact sheet, .png or .webp
  --dry-run           convert: say what would be written, and stop
  --json              print as JSON
  --size N|HxW        pixels a side (their own up to 64, otherwise 64)
  --color WORD        auto, rgb or grey (auto)
  --fit WORD          crop or pad other aspects (crop)
  --filter WORD       lanczos3, cubic or nearest (lanczos3)
  --background COLOR  seen through transparency and beside padding (white)
  --split WORD        train or test, where there are both (train)
  --label COLUMN      the classes in a table: a column's name or number, or none
  --classes NAMES     the order of a table's classes, as in ham,spam (by name)
  --leave COLUMNS     columns of a table to do without, as in name,3
  --category COLUMNS  columns that are categories, though numbers or many words
  --skip-missing      leave out rows of a table in which a value is missing
  --skip-bad          leave bad files out, and list them
  --no-cache          decode again, and keep nothing of it on disk
  --limit N           at most so many, evenly spread
  -h, --help          show this help

${pairOptions}

What was decoded is kept in $BELAMY_CACHE, or where the system has caches
(~/.cache/belamy), up to 20 GB; what was used longest ago goes first.

Examples
  belamy data shapes --limit 100
  belamy data photos --size 32 --out sheet.png
  belamy data photos --given edges --out pairs.png
  belamy data convert photos photos32.zip --size 32
  belamy data convert moons moons.npz --limit 1000
`,
  studio: `belamy studio: see the two networks fight, in a page of this machine

Usage
  belamy studio [options]

  Runs are watched, started, paused, continued and branched in the page; those
  begun in a terminal are there too. Nobody else can reach it, and whoever wants
  to change something needs the whole address that is shown.

Options
  --port N       where it is found; 0 for any that is free (4640)
  --runs FOLDER  the runs to show, and where new ones go (runs)
  --open         open the page
  --json         print the address and its parts as JSON
  -h, --help     show this help

Ctrl-C pauses the runs that were started here and closes; a second one quits at
once.

Examples
  belamy studio
  belamy studio --port 8000 --runs faces/runs --open
`,
  doctor: `belamy doctor: what ails a run, and what to do about it

Usage
  belamy doctor [RUN] [options]

  RUN is a run folder, its number or its name; the latest when left out. It may
  still be played: from half of its length on there is something to say.

  It looks for numbers that are no longer finite, a discriminator that wins, a
  generator that has stalled, mode collapse, memorizing and oscillation.

Options
  --json      print as JSON
  -h, --help  show this help

The exit code is 0 when nothing is found, and 3 when the run is ill.

Examples
  belamy doctor
  belamy doctor 1 --json
`,
  runs: `belamy runs: the runs in ./runs

Usage
  belamy runs [FOLDER] [options]

Options
  --json      print as JSON
  -h, --help  show this help

Examples
  belamy runs
  belamy runs --json
`,
} as const;

export type CommandName = Exclude<keyof typeof help, "belamy">;
