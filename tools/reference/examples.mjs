// Every `@example` of a source folder, ready to be compiled and to be run.
import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { parseSync } from "vite";
import { parseDoc } from "./comment.mjs";
import { library, walk } from "./modules.mjs";
import { allEntries, readReference } from "./reference.mjs";

/**
 * `{ name, code, inside }` of every example, named by its file and what it stands before. Those of
 * public names use public names alone; others may use what is exported by the module `inside`.
 */
export function examplesIn(root) {
  const lib = library();
  const open = new Set(allEntries(readReference(root)).flatMap((e) => e.doc.examples));
  const files = readdirSync(join(root, "src"), { recursive: true })
    // What only pages have is tried in pages.
    .filter((file) => file.endsWith(".ts") && !/^page\b/.test(file))
    .sort();
  return files.flatMap((file) => {
    const path = join(root, "src", file);
    const { text, comments } = lib.open(path);
    return comments
      .filter((c) => c.type === "Block" && c.value.startsWith("*"))
      .flatMap((c) => {
        const [, subject] = /^\s*(?:[a-z]+ )*?([\w$]+)\s*[<(:=?{]/.exec(text.slice(c.end)) ?? [];
        const where = `${relative(join(root, "src"), path).split(sep).join("/")} ${subject ?? ""}`;
        return parseDoc(c.value.slice(1)).examples.map((code, i) => ({
          name: `${where}${i === 0 ? "" : ` ${i + 1}`}`.trim(),
          code,
          inside: open.has(code) ? undefined : file.split(sep).join("/").replace(/ts$/, "js"),
        }));
      });
  });
}

const arrow = /^ ?→ ?/;

/**
 * The body of an async function that runs an example: each `// → value` becomes a call of
 * `check(value, "what is written", place)`, and `arrows` says how many there are.
 */
export function checked(code) {
  const { program, comments, errors } = parseSync("example.mts", code);
  if (errors.length > 0) throw new SyntaxError(errors[0].message);
  const statements = [...walk(program.body)].filter(({ type }) =>
    /(Statement|VariableDeclaration)$/.test(type),
  );
  const edits = comments
    .filter((c) => c.type === "Line" && arrow.test(c.value))
    .map((comment, place) => {
      // Beside it or on the line below; the innermost is the last of those that end there.
      const before = statements
        .filter(
          (s) =>
            s.end <= comment.start && /^[ \t]*\n?[ \t]*$/.test(code.slice(s.end, comment.start)),
        )
        .at(-1);
      if (before === undefined) throw new SyntaxError(`nothing stands before //${comment.value}`);
      const expected = JSON.stringify(comment.value.replace(arrow, "").trim());
      return editFor(before, { code, expected, place });
    });
  const script = edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((text, { start, end, by }) => text.slice(0, start) + by + text.slice(end), code);
  return { script, arrows: edits.length };
}

function editFor(statement, { code, expected, place }) {
  const { start, end } = statement;
  const part = (node) => code.slice(node.start, node.end);
  if (statement.type === "ExpressionStatement") {
    const { expression } = statement;
    const isLog = expression.type === "CallExpression" && part(expression.callee) === "console.log";
    const value = isLog ? expression.arguments[0] : expression;
    return { start, end, by: `await check((${part(value)}), ${expected}, ${place});` };
  }
  if (statement.type !== "VariableDeclaration" || statement.declarations.length !== 1) {
    throw new SyntaxError(`a ${statement.type} has no value to stand behind an arrow`);
  }
  const [{ id, init }] = statement.declarations;
  const hidden = `value${place}$`;
  const by = `const ${hidden} = ${part(init)}; ${statement.kind} ${part(id)} = ${hidden};`;
  return { start, end, by: `${by} await check(${hidden}, ${expected}, ${place});` };
}

/** An example as a module that imports what it uses of `names`, records from where to names. */
export function asModule(code, names) {
  const { program } = parseSync("example.mts", code);
  const own = new Set(
    program.body.flatMap(({ declarations, id, specifiers }) =>
      declarations === undefined
        ? [id?.name, ...(specifiers ?? []).map((s) => s.local.name)]
        : declarations.flatMap((d) => [...walk(d.id)].map((n) => n.name)),
    ),
  );
  const used = new Set([...walk(program.body)].map((n) => n.name));
  const isWanted = (name) => used.has(name) && !own.has(name);
  const lines = Object.entries(names).map(([from, list]) => {
    const wanted = list.filter((name) => isWanted(name.replace("type ", "")));
    return wanted.length === 0 ? "" : `import { ${wanted.join(", ")} } from "${from}";\n`;
  });
  return `${lines.join("")}${code}\nexport {};\n`;
}
