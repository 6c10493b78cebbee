import { availableParallelism } from "node:os";

/** Gives one entry's bytes, or fails with a `BadFile`. */
export type Read = () => Promise<Uint8Array>;

/** Where pictures come from: a folder, an archive, a single file. */
export interface PictureSource {
  /** Names of what seems to be a picture, with `/` between folders; never used as paths. */
  readonly names: readonly string[];
  /** StyleGAN's `dataset.json`, when there is one. */
  readonly index: { readonly name: string; readonly read: Read } | undefined;
  /** Calls `use` once for each wanted entry, in any order, a few at a time. */
  visit(
    wanted: readonly number[],
    use: (entry: number, read: Read) => Promise<void>,
  ): Promise<void>;
  close(): Promise<void>;
}

export { alwaysUnpacked, BadFile, mostRatio } from "./reason.js";

/** How many pictures are in flight: enough to keep every core busy while others wait. */
export const inFlight = (): number => 2 * availableParallelism();

/** Calls `work` for every item, `inFlight()` at a time; stops at the first failure. */
export async function concurrently<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failed = false;
  const lane = async () => {
    while (next < items.length && !failed) {
      try {
        await work(items[next++]!);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: inFlight() }, lane));
  const broken = lanes.find((settled) => settled.status === "rejected");
  if (broken) throw broken.reason;
}

/** Largest compressed file that is taken for a picture. */
export const largestFile = 256 * 2 ** 20;

/** Largest `dataset.json`: room for a million pictures. */
export const largestIndex = 64 * 2 ** 20;

const pictureEnding =
  /\.(png|jpe?g|jpe|jfif|webp|gif|tiff?|avif|bmp|heic|heif|dds|tga|fits|fit|fts|fits\.gz|fit\.gz|fts\.gz)$/i;

/** What a file is for, as far as its name says. */
export function roleOf(name: string): "picture" | "index" | "ignored" | "unknown" {
  const parts = name.split("/");
  if (parts.some((part) => part.startsWith(".") || part === "__MACOSX")) return "ignored";
  const last = parts.at(-1)!.toLowerCase();
  if (last === "thumbs.db" || last === "desktop.ini") return "ignored";
  if (last === "dataset.json") return "index";
  return pictureEnding.test(last) ? "picture" : "unknown";
}

const beginnings = ["DDS ", "\x89PNG", "\xff\xd8\xff", "GIF8", "II*\0", "MM\0*", "II+\0", "MM\0+"];

/** Whether bytes begin as a picture does: PNG, JPEG, GIF, WebP, TIFF, AVIF or DDS. */
export function looksLikePicture(bytes: Uint8Array): boolean {
  const text = latin1(bytes.subarray(0, 12));
  return (
    beginnings.some((beginning) => text.startsWith(beginning)) ||
    (text.startsWith("RIFF") && text.endsWith("WEBP")) ||
    /^ftyp(avi[fs]|mif1|msf1)/.test(text.slice(4))
  );
}

/** Bytes as characters of the same numbers. */
export const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** An archive's name for an entry as a plain name: no drive, no empty, `.` or `..` parts. */
export const plainName = (name: string): string =>
  name
    .split(/[\\/]/)
    .filter((part) => part !== "" && part !== "." && part !== "..")
    .join("/");
