import { open, readdir, readFile, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { errnoReason } from "./reason.js";
import {
  BadFile,
  concurrently,
  largestFile,
  looksLikePicture,
  type PictureSource,
  roleOf,
} from "./source.js";

/** The pictures in a folder and the folders in it, links followed. */
export async function openFolder(path: string): Promise<PictureSource> {
  const files = await filesIn(path);
  const isPicture = new Map<string, boolean>();
  await concurrently(files, async (name) => {
    const role = roleOf(name);
    isPicture.set(name, role === "picture" || (role === "unknown" && (await sniff(path, name))));
  });
  const names = files.filter((name) => isPicture.get(name));
  const index = files.filter((name) => roleOf(name) === "index").sort(byDepth)[0];
  const reading = (name: string) => () => readFileOf(join(path, name));
  return {
    names,
    index: index === undefined ? undefined : { name: index, read: reading(index) },
    visit: (wanted, use) => concurrently(wanted, (entry) => use(entry, reading(names[entry]!))),
    close: async () => {},
  };
}

/** A single picture as a source of one. */
export const openPictureFile = (path: string, name: string): PictureSource => ({
  names: [name],
  index: undefined,
  visit: (wanted, use) => concurrently(wanted, (entry) => use(entry, () => readFileOf(path))),
  close: async () => {},
});

/** Shallowest first, then by name. */
export function byDepth(a: string, b: string): number {
  const depths = a.split("/").length - b.split("/").length;
  return depths !== 0 ? depths : a < b ? -1 : 1;
}

/** Every file in a folder and the folders in it but hidden ones, with `/` between folders. */
export async function filesIn(path: string): Promise<readonly string[]> {
  const files: string[] = [];
  await walk(path, "", { files, seen: new Set() });
  return files;
}

interface Walked {
  readonly files: string[];
  /** Real paths of folders, so that links in circles end. */
  readonly seen: Set<string>;
}

async function walk(root: string, below: string, walked: Walked): Promise<void> {
  const here = join(root, below);
  const real = await realpath(here);
  if (walked.seen.has(real)) return;
  walked.seen.add(real);
  for (const entry of await readdir(here, { withFileTypes: true })) {
    const name = below === "" ? entry.name : `${below}/${entry.name}`;
    if (roleOf(name) === "ignored") continue;
    const isFolder = entry.isSymbolicLink()
      ? await isLinkToFolder(join(root, name))
      : entry.isDirectory();
    if (isFolder) await walk(root, name, walked);
    else walked.files.push(name);
  }
}

const isLinkToFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (linked) => linked.isDirectory(),
    () => false,
  );

async function readFileOf(file: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(file);
    if (size > largestFile) throw new BadFile(`is larger than ${largestFile / 2 ** 20} MiB`);
    return await readFile(file);
  } catch (error) {
    throw error instanceof BadFile ? error : new BadFile(errnoReason(error));
  }
}

/** Whether a file of unknown ending begins as a picture; what cannot be read does not. */
async function sniff(root: string, name: string): Promise<boolean> {
  try {
    return looksLikePicture(await headOf(join(root, name), 16));
  } catch {
    return false;
  }
}

/** The first bytes of a file, fewer when it is shorter. */
export async function headOf(path: string, count: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
