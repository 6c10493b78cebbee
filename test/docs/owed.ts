import { type Entry, hasShapes } from "../../tools/reference/index.mjs";

/** What a public name still owes its reader; the example of a class stands for its methods. */
export function owed(entry: Entry, { hasExample = false } = {}): string[] {
  const { name, kind, doc, options, tensors, thrown = [], members = [] } = entry;
  const shown = hasExample || doc.examples.length > 0;
  // Its class says what a constructor makes; the name of an error is its class's.
  const speaksForItself = kind === "constructor" || /Error\.name$/.test(name);
  const wanted = [
    [doc.sentence === "" && !speaksForItself, "has no sentence"],
    [(kind === "function" || kind === "class") && !shown, "has no example"],
    [kind === "function" && tensors && !hasShapes(doc.text), "has tensors and says no shapes"],
    ...thrown.map((error) => [
      !doc.throws.some((text) => text.startsWith(`{${error}}`)),
      `throws ${error} and does not say when`,
    ]),
  ] as const;
  // A sentence beside the option, or its name among the words of the function.
  const silent = options.filter((o) => o.about === "" && !mentions(doc.text, o.name));
  const own = wanted.flatMap(([isOwed, what]) => (isOwed ? [`${name} ${what}`] : []));
  const inside = members.flatMap((m) => owed(m, { hasExample: kind === "class" && shown }));
  return [
    ...own,
    ...silent.map((o) => `${name} has an option ${o.name} without a word`),
    ...inside,
  ];
}

const mentions = (text: string, word: string): boolean =>
  new RegExp(`\\b${word}\\b`).test((text.match(/`[^`]*`/g) ?? []).join(" "));
