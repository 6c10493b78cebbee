/** Numbers in row-major order as lists in lists; a scalar as itself. */
export function nested(numbers: readonly number[], shape: readonly number[]): unknown {
  const [first, ...rest] = shape;
  if (first === undefined) return numbers[0];
  const each = numbers.length / first;
  return Array.from({ length: first }, (_, i) =>
    nested(numbers.slice(i * each, (i + 1) * each), rest),
  );
}

/** `…` in what is written stands for anything up to the end of a list. */
const token = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[A-Za-z_$][\w$]*|…|[^\s]/g;

const isNumber = (word: string | undefined): word is string =>
  word !== undefined && /^-?\d/.test(word);

/** Fails unless a value, as JSON, is what is written; numbers to the digits that are written. */
export function expectShown(value: unknown, written: string): void {
  const shown = JSON.stringify(value) ?? "undefined";
  const [found, wanted] = [tokensOf(shown), tokensOf(written)];
  let at = 0;
  for (const word of wanted) {
    if (word === "…") at = endOfList(found, at);
    else if (isSame(found[at], word)) at++;
    else throw new Error(`gives ${shown}, not ${written}`);
  }
  if (at !== found.length) throw new Error(`gives ${shown}, not ${written}`);
}

/** Names before a colon may be written without quotes; a comma at the end of a list does not count. */
function tokensOf(text: string): string[] {
  const words: string[] = text.match(token) ?? [];
  return words.map((word, i) =>
    words[i + 1] === ":" && /^[A-Za-z_$]/.test(word) ? `"${word}"` : word,
  );
}

function isSame(found: string | undefined, wanted: string): boolean {
  if (!isNumber(found) || !isNumber(wanted)) return found === wanted;
  const [, digits = "", exponent = "0"] = /^-?\d+(?:\.(\d+))?(?:[eE](.+))?$/.exec(wanted) ?? [];
  const isWhole = digits === "" && exponent === "0";
  // A whole number is meant as one; float32 may add it up to seven digits.
  const tolerance = isWhole
    ? 1e-6 * Math.max(1, Math.abs(Number(wanted)))
    : 0.500001 * 10 ** (Number(exponent) - digits.length);
  return Math.abs(Number(found) - Number(wanted)) <= tolerance;
}

/** The place of the bracket that closes the list in which `at` is. */
function endOfList(words: readonly string[], at: number): number {
  let depth = 0;
  for (let i = at; i < words.length; i++) {
    if ("[{".includes(words[i]!)) depth++;
    if ("]}".includes(words[i]!) && depth-- === 0) return i;
  }
  return words.length;
}
