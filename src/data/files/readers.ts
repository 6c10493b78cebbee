import type { Dataset } from "../dataset.js";
import { cifarFile, cifarFolder } from "./cifar-source.js";
import { csvSource } from "./csv-source.js";
import { idxSource } from "./idx-pictures.js";
import type { Kind } from "./kind.js";
import { npySource } from "./npy-source.js";
import { npzSource } from "./npz.js";
import type { PictureOptions } from "./options.js";
import { parquetSource } from "./parquet-source.js";

/** What can be opened and is no heap of picture files. */
export type ReaderKind = Exclude<Kind, "folder" | "zip" | "tar" | "picture">;

type Reader = (
  path: string,
  asked: { readonly name: string; readonly options: PictureOptions },
) => Promise<Dataset>;

/** What reads each kind; a kind without a reader does not compile. */
export const readers: Readonly<Record<ReaderKind, Reader>> = {
  idx: (path, { options }) => idxSource(path, { kind: "idx", options }),
  "idx folder": (path, { options }) => idxSource(path, { kind: "idx folder", options }),
  npy: npySource,
  npz: npzSource,
  parquet: parquetSource,
  table: csvSource,
  cifar: cifarFile,
  "cifar folder": cifarFolder,
};
