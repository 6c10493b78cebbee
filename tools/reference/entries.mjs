// Public names as entries of the reference: signature, comment, options, members, the types they name.
import { parseDoc } from "./comment.mjs";
import { docBefore, walk } from "./modules.mjs";

/** Where something is declared: two types may have one name. */
const keyOf = ({ module, name }) => `${module.file}#${name}`;

/** What stands in the reference for one declaration; `name` is how a reader calls it. */
export function entryOf(library, found, name = found.name) {
  const { module, node, outer } = found;
  const doc = parseDoc(docBefore(module, outer.start));
  const made = formOf(node);
  const types = typesIn(node).flatMap((type) => {
    const declared = library.find(module.file, type);
    return declared === undefined ? [] : [{ name: type, key: keyOf(declared) }];
  });
  const base = { name, key: keyOf(found), file: module.file, doc, kind: made.kind, types };
  if (made.kind === "function") {
    return {
      ...base,
      signature: signatureOf(module, made.function, name),
      options: optionsOf(library, module, made.function),
      tensors: namesTensor(made.function),
      thrown: thrownIn(made.function),
    };
  }
  if (made.kind === "class") {
    return { ...base, ...classParts(library, module, node, name), options: [] };
  }
  const text = module.text.slice(outer.start, outer.end).replace(/^export (default )?/, "");
  return { ...base, signature: shortened(text), options: [] };
}

/** Long values are left out: the reference says what something is, the source how. */
const shortened = (text) =>
  text.startsWith("const ") && text.length > 400
    ? `${text.slice(0, text.indexOf("=") + 1)} …`
    : text;

function formOf(node) {
  if (/^(TSDeclareFunction|FunctionDeclaration)$/.test(node.type)) {
    return { kind: "function", function: node };
  }
  if (node.type === "ClassDeclaration") return { kind: "class" };
  if (node.type === "VariableDeclarator") {
    const isFunction = /Function/.test(node.init?.type ?? "");
    return isFunction ? { kind: "function", function: node.init } : { kind: "constant" };
  }
  return { kind: "type" };
}

/** `name(x: Tensor): Tensor`, as written. */
function signatureOf({ text }, f, name) {
  const open =
    (f.typeParameters ?? null) === null ? text.indexOf("(", f.start) : f.typeParameters.start;
  const close = f.body?.start ?? f.end;
  const head = text.slice(open, close).replace(/\s*(=>)?\s*$/, "");
  return dedent(`${name}${head}`);
}

const dedent = (text) => {
  const lines = text.split("\n");
  const indents = lines
    .slice(1)
    .filter((l) => l.trim() !== "")
    .map((l) => /^ */.exec(l)[0].length);
  const least = Math.min(...indents, 100);
  return [lines[0], ...lines.slice(1).map((line) => line.slice(least))].join("\n");
};

/** Options records of a function: each with its sentence and, from the destructuring, its default. */
function optionsOf(library, module, f) {
  const defaults = defaultsIn(module, f);
  const members = f.params.flatMap((param) => {
    const annotation = (param.left ?? param).typeAnnotation?.typeAnnotation;
    return annotation === undefined ? [] : membersOf(library, module, annotation);
  });
  return members.map((m) => ({ ...m, default: defaults.get(m.name) }));
}

/** The members of a type that is written here or is a record of options. */
function membersOf(library, module, type, { inherited = false } = {}) {
  if (type.type === "TSTypeLiteral") return type.members.flatMap((m) => memberOf(module, m));
  if (type.type === "TSIntersectionType") {
    return type.types.flatMap((part) => membersOf(library, module, part));
  }
  if (type.type !== "TSTypeReference" || type.typeName.type !== "Identifier") return [];
  const { name } = type.typeName;
  const inside = type.typeArguments?.params ?? [];
  if (name === "Readonly" || name === "Partial") return membersOf(library, module, inside[0]);
  if (name === "Pick" || name === "Omit") {
    const words = [...walk(inside[1])].filter((n) => n.type === "Literal").map((n) => n.value);
    const all = membersOf(library, module, inside[0]);
    return all.filter((m) => words.includes(m.name) === (name === "Pick"));
  }
  if (!inherited && !/(Options|Settings|Limits|Span)$/.test(name)) return [];
  const found = library.find(module.file, name);
  if (found === undefined) return [];
  const { node } = found;
  if (node.type === "TSTypeAliasDeclaration") {
    return membersOf(library, found.module, node.typeAnnotation);
  }
  const above = (node.extends ?? []).flatMap(({ expression }) => {
    const type = { type: "TSTypeReference", typeName: expression };
    return membersOf(library, found.module, type, { inherited: true });
  });
  return [...above, ...node.body.body.flatMap((m) => memberOf(found.module, m))];
}

function memberOf(module, member) {
  const name = member.key?.name;
  if (name === undefined) return [];
  const type = member.typeAnnotation ?? member.returnType;
  const text =
    member.type === "TSMethodSignature"
      ? module.text.slice(member.key.end, member.end).replace(/;$/, "")
      : module.text.slice(type.typeAnnotation.start, type.typeAnnotation.end);
  const doc = parseDoc(docBefore(module, member.start));
  return [{ name, optional: member.optional === true, type: dedent(text), about: doc.text }];
}

/** `kernel = 3` in the parameters, or in the first lines of the body: `const { kernel = 3 } = options`. */
function defaultsIn({ text }, f) {
  const statements = f.body?.type === "BlockStatement" ? f.body.body : [];
  const settled = statements
    .filter((s) => s.type === "VariableDeclaration")
    .flatMap((s) => s.declarations.map((d) => d.id));
  const patterns = [...f.params.map((p) => p.left ?? p), ...settled];
  return new Map(
    patterns
      .filter((p) => p.type === "ObjectPattern")
      .flatMap((p) => p.properties)
      .filter((p) => p.value?.type === "AssignmentPattern")
      .map((p) => [p.key.name, text.slice(p.value.right.start, p.value.right.end)]),
  );
}

/** Names of types that a declaration speaks of. */
function typesIn(node) {
  const parts =
    node.type === "ClassDeclaration"
      ? node.body.body.filter(isPublic).map((m) => ({ ...m.value, ...m, body: null, value: null }))
      : [{ ...(node.init ?? node), ...(node.init ?? {}) }].map((n) =>
          /Function/.test(n.type) ? { ...n, body: null } : n,
        );
  const names = [...walk(parts), ...walk(node.superClass ?? null)]
    .filter((n) => n.type === "TSTypeReference" && n.typeName.type === "Identifier")
    .map((n) => n.typeName.name);
  return [...new Set(names)];
}

const isPublic = (member) =>
  member.accessibility !== "private" &&
  member.key?.type !== "PrivateIdentifier" &&
  member.accessibility !== "protected";

/** A class: what it is made with, and everything public on it. */
function classParts(library, module, node, name) {
  const { text } = module;
  const members = node.body.body.filter(isPublic).flatMap((m) => {
    const doc = parseDoc(docBefore(module, m.start));
    const base = { doc, name: `${name}.${m.key.name}`, types: [] };
    if (m.key.name === "constructor") {
      const signature = signatureOf(module, m.value, `new ${name}`);
      const tensors = namesTensor(m.value);
      return [
        { ...base, kind: "constructor", name: `new ${name}`, signature, tensors, options: [] },
      ];
    }
    if (m.type === "MethodDefinition" && m.kind === "method") {
      const signature = signatureOf(module, m.value, `${name}.${m.key.name}`);
      const options = optionsOf(library, module, m.value);
      const [tensors, thrown] = [namesTensor(m.value), thrownIn(m.value)];
      return [{ ...base, kind: "function", signature, options, tensors, thrown }];
    }
    const end = m.kind === "get" ? m.value.body.start : (m.value?.start ?? m.end);
    const signature = text.slice(m.start, end).replace(/[\s=;{]+$/, "");
    return [{ ...base, kind: "field", signature, options: [] }];
  });
  const head = text.slice(node.start, node.body.start).trim();
  return { signature: head, members };
}

/** Whether tensors go in or come out. */
function namesTensor(f) {
  const parts = [f.params, f.returnType ?? null];
  return [...walk(parts)].some(
    (n) => n.type === "TSTypeReference" && /^(Tensor|Operand|Layer)$/.test(n.typeName.name ?? ""),
  );
}

/** Errors that a function throws itself, not those of what it calls. */
const thrownIn = (f) => [
  ...new Set(
    [...walk(f.body ?? null)]
      .filter((n) => n.type === "ThrowStatement" && n.argument.type === "NewExpression")
      .map((n) => n.argument.callee.name),
  ),
];
