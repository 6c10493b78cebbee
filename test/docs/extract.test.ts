import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { allEntries, examplesIn, pagesOf, readReference } from "../../tools/reference/index.mjs";
import { owed } from "./owed.js";

/** A library made of these files. */
function library(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), "belamy-reference-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, "src", name)), { recursive: true });
    writeFileSync(join(root, "src", name), text);
  }
  return root;
}

const root = library({
  "index.ts": `// What this file is.

import { twice } from "./inner/numbers.js";

// Numbers: what can be done with them

export { twice as double, type Twice } from "./inner/numbers.js";
export { Counter, bare } from "./counter.js";

// Records

/** Some of the above. */
export const all = { twice, "by-hand": twice } as const;
`,
  "inner/numbers.ts": `export type { Twice } from "./types.js";
import type { Size, TwiceOptions } from "./types.js";

/**
 * Two times x, e.g. 4 for 2. More is said here: \`[b] → [b]\`.
 *
 *   y = 2 x   where x < ∞
 *
 * @throws {RangeError} when x is
 *   too large.
 * @example
 * double(2); // → 4
 * @example double(3);
 */
export const twice = (x: Size, { by = 2, ...rest }: Omit<TwiceOptions, "quietly"> = {}): number => {
  if (x > 9) throw new RangeError("x");
  return by * x + Object.keys(rest).length;
};
`,
  "inner/types.ts": `interface Common {
  /** Not used | at all. */
  readonly name?: string;
}
export interface TwiceOptions extends Common {
  readonly by?: number;
  quietly?: boolean;
}
/** A size. */
export type Size = number;
export interface Twice { readonly size: Size }
`,
  "counter.ts": `import type { Tensor } from "./tensor.js";

/** Counts. */
export class Counter {
  /** So far. */
  readonly count = 0;
  private secret = 1;
  constructor(start: number) { this.count = start; }
  /** One more. */
  next(options: { readonly step?: number }): number {
    const { step = 1 } = options;
    return this.count + step + this.secret;
  }
  get half(): number { return this.count / 2; }
}

export function bare(x: Tensor): Tensor {
  if (x === undefined) throw new TypeError("x");
  return x;
}
`,
  "tensor.ts": "/** Another. */\ninterface Twice { x: 1 }\nexport type Tensor = Twice;\n",
});

const reference = readReference(root);
const entry = (name: string) => allEntries(reference).find((e) => e.name === name)!;

describe("what is read from sources", () => {
  test("headings, names through re-exports, and types that only signatures name", () => {
    const names = reference.groups.map((g) => [g.heading, g.entries.map((e) => e.name)]);
    expect(names).toEqual([
      ["Numbers: what can be done with them", ["double", "Twice", "Counter", "bare"]],
      ["Records", ["all"]],
    ]);
    expect(entry("all").members?.map((m) => m.name)).toEqual(["all.twice", 'all["by-hand"]']);
    expect(reference.others.map((e) => e.name)).toEqual([
      "Size",
      "Tensor",
      "Twice (tensor)",
      "TwiceOptions",
    ]);
  });

  test("signature, sentence, errors, examples, options with defaults", () => {
    expect(entry("double")).toMatchObject({
      kind: "function",
      signature: 'double(x: Size, { by = 2, ...rest }: Omit<TwiceOptions, "quietly"> = {}): number',
      doc: {
        sentence: "Two times x, e.g. 4 for 2.",
        throws: ["{RangeError} when x is too large."],
        examples: ["double(2); // → 4", "double(3);"],
      },
      options: [
        { name: "name", about: "Not used | at all." },
        { name: "by", default: "2", about: "" },
      ],
      thrown: ["RangeError"],
      tensors: false,
    });
  });

  test("classes without what is private", () => {
    const members = entry("Counter").members!.map(({ kind, signature }) => [kind, signature]);
    expect(members).toEqual([
      ["field", "readonly count"],
      ["constructor", "new Counter(start: number)"],
      ["function", "Counter.next(options: { readonly step?: number }): number"],
      ["field", "get half(): number"],
    ]);
    expect(entry("Counter.next").options).toMatchObject([{ name: "step", default: "1" }]);
  });

  test("what names owe their readers", () => {
    expect(reference.groups.flatMap((g) => g.entries).flatMap((e) => owed(e))).toEqual([
      "double has an option by without a word",
      "Twice has no sentence",
      "Counter has no example",
      "Counter.next has no example",
      "Counter.next has an option step without a word",
      "Counter.half has no sentence",
      "bare has no sentence",
      "bare has no example",
      "bare has tensors and says no shapes",
      "bare throws TypeError and does not say when",
      "all.twice has an option by without a word",
      'all["by-hand"] has an option by without a word',
    ]);
  });

  test("examples by where they stand", () => {
    expect(examplesIn(root)).toEqual([
      { name: "inner/numbers.ts twice", code: "double(2); // → 4", inside: undefined },
      { name: "inner/numbers.ts twice 2", code: "double(3);", inside: undefined },
    ]);
  });
});

test("an entry as Markdown", () => {
  const page = pagesOf(root, reference, { systems: {} })["numbers.md"]!;
  const start = page.indexOf("## double");
  expect(page.slice(start, page.indexOf("\n## ", start + 1))).toBe(`## double

\`\`\`ts
double(x: Size, { by = 2, ...rest }: Omit<TwiceOptions, "quietly"> = {}): number
\`\`\`

Two times x, e.g. 4 for 2. More is said here: \`[b] → [b]\`.

\`\`\`text
  y = 2 x   where x < ∞
\`\`\`

| option | type | default | |
| --- | --- | --- | --- |
| \`name\` | \`string\` |  | Not used \\| at all. |
| \`by\` | \`number\` | \`2\` |  |

Throws \`RangeError\` when x is too large.

\`\`\`ts
double(2); // → 4
\`\`\`

\`\`\`ts
double(3);
\`\`\`

Types: [\`Size\`](types.md#size), [\`TwiceOptions\`](types.md#twiceoptions). Source: [src/inner/numbers.ts](../../src/inner/numbers.ts).
`);
});
