// TypeScript modules as syntax: what a file declares, and where a name that it passes on comes from.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseSync } from "vite";

/** Reads and remembers modules; a name is followed through re-exports to where it is declared. */
export function library() {
  const modules = new Map();

  const open = (file) => {
    const known = modules.get(file);
    if (known !== undefined) return known;
    const text = readFileSync(file, "utf8");
    const { program, comments, errors } = parseSync(file, text);
    if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
    const module = { file, text, comments, body: program.body, ...namesOf(program.body) };
    modules.set(file, module);
    return module;
  };

  /** `{ module, node, outer }` of a name as a module knows it; `undefined` for packages and globals. */
  const find = (file, name) => {
    const { declared, passed } = open(file);
    if (declared.has(name)) return { module: open(file), ...declared.get(name) };
    const from = passed.get(name);
    if (from === undefined || !from.source.startsWith(".")) return undefined;
    const target = join(dirname(file), from.source).replace(/\.js$/, ".ts");
    return existsSync(target) ? find(target, from.name) : undefined;
  };

  return { open, find };
}

/** What a module declares itself, and what it imports or re-exports, by the name it has there. */
function namesOf(body) {
  const declared = new Map();
  const passed = new Map();
  for (const outer of body) {
    if (outer.type === "ImportDeclaration" || (outer.source && outer.specifiers)) {
      for (const s of outer.specifiers) {
        const inner = s.imported ?? s.local;
        passed.set((s.exported ?? s.local).name, { source: outer.source.value, name: inner.name });
      }
      continue;
    }
    const node = outer.type === "ExportNamedDeclaration" ? outer.declaration : outer;
    for (const [name, inner] of declarationsOf(node)) {
      // Overloads: the first one carries the comment.
      if (!declared.has(name)) declared.set(name, { node: inner, outer, name });
    }
  }
  return { declared, passed };
}

function declarationsOf(node) {
  if (node?.type === "VariableDeclaration") {
    return node.declarations.filter((d) => d.id.type === "Identifier").map((d) => [d.id.name, d]);
  }
  return node?.id?.type === "Identifier" ? [[node.id.name, node]] : [];
}

/** The doc comment that stands right before a place; empty when there is none. */
export function docBefore({ text, comments }, start) {
  const comment = comments.findLast((c) => c.end <= start);
  const isDoc = comment?.type === "Block" && comment.value.startsWith("*");
  return isDoc && text.slice(comment.end, start).trim() === "" ? comment.value.slice(1) : "";
}

/** Every node below one, itself first. */
export function* walk(node) {
  if (Array.isArray(node)) for (const item of node) yield* walk(item);
  else if (node !== null && typeof node === "object") {
    if (typeof node.type === "string") yield node;
    for (const [key, value] of Object.entries(node)) {
      if (key !== "parent" && typeof value === "object") yield* walk(value);
    }
  }
}
