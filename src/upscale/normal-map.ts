import type { GamePicture } from "./texture-read.js";

const suffix = /_(n|normal|normals|nrm)\.[^./]+$/i;

/** Whether a name says that a picture is a normal map: by its suffix, or by a glob. */
export function namedNormal(name: string, globs: readonly RegExp[]): "suffix" | "glob" | undefined {
  if (globs.some((glob) => glob.test(name))) return "glob";
  return suffix.test(name) ? "suffix" : undefined;
}

/** `*` within a name, `**` over folders, `?` for one letter; without `/` names in any folder. */
export function globPattern(glob: string): RegExp {
  const parts = glob.split(/(\*\*\/?|\*|\?)/).map((part) => {
    if (part === "**/") return "(?:.*/)?";
    if (part === "**") return ".*";
    if (part === "*") return "[^/]*";
    return part === "?" ? "[^/]" : part.replace(/[\\^$.|+()[\]{}]/g, "\\$&");
  });
  const anywhere = glob.includes("/") ? "" : "(?:.*/)?";
  return new RegExp(`^${anywhere}${parts.join("")}$`, "i");
}

/** How far from 1 a vector's length may be, and how many of a map's may be farther. */
const farOff = 0.25;
const mostFarOff = 0.1;

/** Whether colours are directions: nearly all of unit length, and few of them pointing inwards. */
export function holdsNormals({ color, channels, most }: GamePicture): boolean {
  if (channels !== 3) return false;
  let bad = 0;
  for (let i = 0; i < color.length; i += 3) {
    const [x, y, z] = [0, 1, 2].map((c) => (2 * color[i + c]!) / most - 1);
    if (Math.abs(Math.hypot(x!, y!, z!) - 1) > farOff || z! < -farOff) bad++;
  }
  return bad <= (mostFarOff * color.length) / 3;
}

/** Colours whose blue stands empty, as BC5 keeps them, with the blue that makes unit length. */
export function withBlue(picture: GamePicture): GamePicture {
  const color = picture.color.slice();
  const { most } = picture;
  for (let i = 0; i < color.length; i += 3) {
    const x = (2 * color[i]!) / most - 1;
    const y = (2 * color[i + 1]!) / most - 1;
    color[i + 2] = Math.round(((Math.sqrt(Math.max(0, 1 - x * x - y * y)) + 1) / 2) * most);
  }
  return { ...picture, color };
}

/** Makes every direction of a row `[w 3]`, 0 to 1, one of unit length. */
export function renormalize(row: Float32Array): void {
  for (let i = 0; i < row.length; i += 3) {
    const x = 2 * row[i]! - 1;
    const y = 2 * row[i + 1]! - 1;
    const z = 2 * row[i + 2]! - 1;
    const length = Math.hypot(x, y, z);
    const isNone = length < 1e-6;
    row[i] = isNone ? 0.5 : (x / length + 1) / 2;
    row[i + 1] = isNone ? 0.5 : (y / length + 1) / 2;
    row[i + 2] = isNone ? 1 : (z / length + 1) / 2;
  }
}
