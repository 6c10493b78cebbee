// Links between Markdown files: each must lead to a file, and to a heading in it.
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { anchorOf } from "./pages.mjs";

/** Anchors of a page: its headings, numbered where they are the same, as GitHub does it. */
export function anchorsOf(text) {
  const seen = new Map();
  return withoutCode(text)
    .split("\n")
    .flatMap((line) => {
      const heading = /^#{1,6}\s+(.*)$/.exec(line)?.[1];
      if (heading === undefined) return [];
      const anchor = anchorOf(heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1"));
      const times = seen.get(anchor) ?? 0;
      seen.set(anchor, times + 1);
      return [times === 0 ? anchor : `${anchor}-${times}`];
    });
}

const withoutCode = (text) => text.replace(/^ *```[\s\S]*?^ *```/gm, "");

/** Sentences on links that lead nowhere, in files as they are or will be written. */
export function brokenLinks(root, files, written = {}) {
  const textOf = (file) => written[file] ?? readFileSync(join(root, file), "utf8");
  return files.flatMap((file) => {
    const text = withoutCode(textOf(file)).replace(/`[^`\n]*`/g, "x");
    return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target]) => {
      if (/^[a-z]+:/.test(target)) return [];
      const [path, anchor] = target.split("#");
      const to = path === "" ? file : relative(root, join(root, dirname(file), path));
      if (written[to] === undefined && !existsSync(join(root, to))) {
        return [`${file}: ${target} leads to no file`];
      }
      if (anchor === undefined || !to.endsWith(".md")) return [];
      if (written[to] === undefined && statSync(join(root, to)).isDirectory()) return [];
      return anchorsOf(textOf(to)).includes(anchor)
        ? []
        : [`${file}: ${target} leads to no heading`];
    });
  });
}
