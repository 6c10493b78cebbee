import type { FileHandle } from "node:fs/promises";
import type { Readable } from "node:stream";
import yauzl from "yauzl";

const windowSize = 1 << 20;

/**
 * Reads for yauzl through a window on the file: a central directory is two small reads for each
 * entry, and a hundred thousand entries are then a few large reads instead of as many small ones.
 */
export class WindowReader extends yauzl.RandomAccessReader {
  private readonly file: FileHandle;
  private start = 0;
  private window: Uint8Array = new Uint8Array();

  constructor(file: FileHandle) {
    super();
    this.file = file;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.fill(position, length).then(
      (bytes) => {
        if (bytes.length < length) return callback(new Error("unexpected EOF"));
        buffer.set(bytes, offset);
        return callback(null);
      },
      (error: Error) => callback(error),
    );
  }

  override close(callback: (error: Error | null) => void): void {
    callback(null);
  }

  /** Entries are read from the file itself, so yauzl never asks for a stream. */
  override _readStreamForRange(): Readable {
    throw new Error("WindowReader gives no streams");
  }

  private async fill(position: number, length: number): Promise<Uint8Array> {
    const end = this.start + this.window.length;
    if (position < this.start || position + length > end) {
      const size = Math.max(length, windowSize);
      const { buffer, bytesRead } = await this.file.read(new Uint8Array(size), 0, size, position);
      this.start = position;
      this.window = buffer.subarray(0, bytesRead);
    }
    const at = position - this.start;
    return this.window.subarray(at, at + length);
  }
}
