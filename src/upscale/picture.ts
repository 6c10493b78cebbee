import type { Planes } from "./upscaler.js";

/** A picture that is read where it is needed, so that it need not be in memory. */
export interface PictureRows {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** So many rows from one of them on, `[channels count width]`, 0 … 1; any rows may be asked for again. */
  read(from: number, count: number): Float32Array | Promise<Float32Array>;
}

/** Rows of a larger picture, from the top to the bottom: `[channels count width]`, 0 … 1. */
export interface MadeRows {
  readonly channels: number;
  /** Of the whole picture. */
  readonly height: number;
  readonly width: number;
  /** The first of these rows. */
  readonly from: number;
  readonly count: number;
  readonly data: Float32Array;
}

/** A picture in memory, to be read by rows. */
export function rowsOf({ channels, height, width, data }: Planes): PictureRows {
  return {
    ...{ channels, height, width },
    read(from, count) {
      const rows = new Float32Array(channels * count * width);
      for (let c = 0; c < channels; c++) {
        const start = (c * height + from) * width;
        rows.set(data.subarray(start, start + count * width), c * count * width);
      }
      return rows;
    },
  };
}

/** A picture in memory, to be written by rows. */
export function pictureFor(channels: number, height: number, width: number) {
  const data = new Float32Array(channels * height * width);
  return {
    picture: { channels, height, width, data } satisfies Planes,
    write(rows: MadeRows): void {
      const size = rows.count * width;
      for (let c = 0; c < channels; c++) {
        const plane = rows.data.subarray(c * size, (c + 1) * size);
        data.set(plane, (c * height + rows.from) * width);
      }
    },
  };
}
