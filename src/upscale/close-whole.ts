import { closeSync, fsyncSync } from "node:fs";

/** Files from here on are worth the wait: to make many small ones again is less than their waiting. */
const large = 4 * 2 ** 20;

/**
 * Closes a file of so many bytes; what is large is on the disk then, whatever happens to the machine.
 * A process that is killed takes nothing with it, and a small file that the machine lost is found
 * missing or of another size, and made again.
 */
export function closeWhole(file: number, bytes: number): void {
  if (bytes >= large) fsyncSync(file);
  closeSync(file);
}
