/** Widest picture that is decoded, in pixels: room for every camera, not for a bomb. */
export const largestPicture = 2 ** 27;

/** Why bytes of no known format are refused. */
export const noPicture = "is not a picture that can be read (PNG, JPEG, WebP, GIF, TIFF, AVIF)";

/** What sharp says, in our words: the first pattern that fits. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/is empty/i, "is empty (0 bytes)"],
  [/exceeds pixel limit/i, `has more than ${Math.floor(largestPicture / 1e6)} million pixels`],
  [/unsupported image format/i, noPicture],
  [/premature end|unexpected end|truncated/i, "is cut short"],
  [/read error|unable to parse|corrupt|invalid|unknown error|bad seek/i, "is cut short or damaged"],
];

/** Why a picture could not be decoded, from what sharp threw. */
export function decodeReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const known = patterns.find(([pattern]) => pattern.test(message));
  return known ? known[1] : `cannot be decoded (${message.split("\n")[0]})`;
}

const codes: Readonly<Record<string, string>> = {
  EACCES: "is not readable (permission denied)",
  EPERM: "is not readable (permission denied)",
  ENOENT: "does not exist",
  EISDIR: "is a folder",
  EIO: "is not readable (input/output error)",
};

/** Why a file could not be read, from what `node:fs` threw. */
export function errnoReason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return codes[code] ?? `is not readable (${code || String(error)})`;
}
