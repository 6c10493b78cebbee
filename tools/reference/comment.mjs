// Doc comments as data: sentences, what is thrown, examples.

/** `{ text, sentence, throws, examples, tags }` of what stands between the slashes and stars. */
export function parseDoc(comment) {
  const [head, ...below] = comment.split("\n");
  // The first line stands beside the slash and the stars, the others below a star of their own.
  const lines = [head.trim(), ...below.map((line) => line.replace(/^\s*\* ?/, "").trimEnd())];
  const parts = [{ tag: undefined, lines: [] }];
  for (const line of lines) {
    const tag = /^@(\w+)\s*(.*)$/.exec(line.trim());
    if (tag === null) parts.at(-1).lines.push(line);
    else parts.push({ tag: tag[1], lines: [tag[2]] });
  }
  const [first, ...tags] = parts.map(({ tag, lines: own }) => ({ tag, text: trimmed(own) }));
  return {
    text: first.text,
    sentence: sentenceOf(first.text),
    tags,
    throws: tags
      .filter((t) => t.tag === "throws")
      .map(({ text }) => text.replace(/\s*\n\s*/g, " ")),
    examples: tags.filter((t) => t.tag === "example").map(({ text }) => text),
  };
}

const trimmed = (lines) => lines.join("\n").replace(/^(\s*\n)+|\s+$/g, "");

/** The first sentence, or the first paragraph where it has no end. */
export function sentenceOf(text) {
  const paragraph = text
    .split(/\n\s*\n/)[0]
    .replace(/\s*\n\s*/g, " ")
    .trim();
  const outside = paragraph.replace(/`[^`]*`/g, (code) => "x".repeat(code.length));
  const end = /(?<!\b(?:e\.g|i\.e|et al|vs))[.:](?=\s+[A-Z`\d“"(−]|$)/.exec(outside);
  return end === null ? paragraph : `${paragraph.slice(0, end.index)}.`;
}

/** Does a comment say shapes: `[b c h w] → [b c 2h 2w]`, `[…] → […]`, `[b …] → []`? */
export const hasShapes = (text) => /`[^`]*\[[^\]`]*\][^`]*`/.test(text.replace(/\n\s*/g, " "));

/** A comment's text as Markdown: indented lines are formulas. */
export function markdownOf(text) {
  const out = [];
  let fenced = false;
  for (const line of text.split("\n")) {
    const formula = /^ {2,}\S/.test(line);
    if (formula && !fenced) out.push("```text");
    if (!formula && fenced) out.push("```");
    fenced = formula;
    out.push(formula ? line : escaped(line));
  }
  if (fenced) out.push("```");
  return out.join("\n");
}

/** Angle brackets outside of code would be taken for HTML. */
const escaped = (line) =>
  line.replace(/(`[^`]*`)|<(?=\w)/g, (all, code) => code ?? all.replace("<", "&lt;"));

/** Text for one cell of a table. */
export const cell = (text) => escaped(text.replace(/\s*\n\s*/g, " ")).replaceAll("|", "\\|");
