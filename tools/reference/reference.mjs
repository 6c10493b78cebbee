// The reference as data: the headings of src/index.ts, and under each an entry for every public name.
import { dirname, join, relative, sep } from "node:path";
import { entryOf } from "./entries.mjs";
import { library } from "./modules.mjs";

/** `{ groups, others }`: what index.ts exports in its order, and the types that those name besides. */
export function readReference(root) {
  const index = join(root, "src", "index.ts");
  const lib = library();
  const { body, text, comments } = lib.open(index);
  const headings = comments
    .filter((c) => c.type === "Line" && /^\n?\s*$/.test(text.slice(c.end).split("\n", 2)[1] ?? ""))
    .slice(1);
  const groups = [];
  for (const node of body.filter((n) => n.type === "ExportNamedDeclaration")) {
    const heading = headings.findLast((h) => h.end <= node.start)?.value.trim();
    if (heading === undefined) throw new Error("src/index.ts: an export before the first heading");
    if (groups.at(-1)?.heading !== heading) groups.push({ heading, entries: [] });
    groups.at(-1).entries.push(...entriesOf(lib, index, node));
  }
  return { groups, others: othersOf(lib, { groups, source: dirname(index) }) };
}

/** Every entry of a reference, members of records and classes included. */
export const allEntries = ({ groups }) =>
  groups.flatMap(({ entries }) => entries).flatMap((e) => [e, ...(e.members ?? [])]);

function entriesOf(lib, index, node) {
  const names = node.declaration
    ? node.declaration.declarations.map((d) => d.id.name)
    : node.specifiers.map((s) => s.exported.name);
  return names.map((name) => {
    const found = lib.find(index, name);
    if (found === undefined) throw new Error(`src/index.ts: ${name} is declared nowhere`);
    const entry = entryOf(lib, found, name);
    const record = recordIn(found.node);
    if (record === undefined) return entry;
    const members = record.properties.map((p) => {
      const member = lib.find(found.module.file, p.value.name);
      return entryOf(lib, member, memberName(name, p.key.name ?? p.key.value));
    });
    const about = found.module.text.slice(found.outer.start, found.outer.end);
    return { ...entry, kind: "record", signature: about.replace(/^export /, ""), members };
  });
}

/** `zoo.gan` and `zoo["wgan-gp"]`. */
export const memberName = (record, key) =>
  /^[A-Za-z_$][\w$]*$/.test(key) ? `${record}.${key}` : `${record}["${key}"]`;

/** The record in `{ ring, grid } as const`: its values are entries too. */
function recordIn({ type, init }) {
  if (type !== "VariableDeclarator") return undefined;
  let value = init;
  while (/^TS(As|Satisfies)Expression$/.test(value?.type)) value = value.expression;
  const isRecord =
    value?.type === "ObjectExpression" &&
    value.properties.every((p) => p.type === "Property" && p.value.type === "Identifier");
  return isRecord ? value : undefined;
}

/** Types that public names speak of and that are no public names themselves. */
function othersOf(lib, { groups, source }) {
  const entries = groups.flatMap((g) => g.entries).flatMap((e) => [e, ...(e.members ?? [])]);
  const known = new Set(entries.map((e) => e.key));
  const others = [];
  const waiting = entries.flatMap((e) => e.types);
  while (waiting.length > 0) {
    const { key } = waiting.pop();
    if (known.has(key)) continue;
    known.add(key);
    const entry = entryOf(lib, lib.find(...key.split("#")));
    others.push(entry);
    waiting.push(...entry.types);
  }
  // What is called as something else is too says where it is from.
  const names = [...entries, ...others].map((e) => e.name);
  const isShared = (name) => names.indexOf(name) !== names.lastIndexOf(name);
  const origin = ({ file }) => relative(source, file).split(sep).join("/").replace(/\.ts$/, "");
  return others
    .map((e) => (isShared(e.name) ? { ...e, name: `${e.name} (${origin(e)})` } : e))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
