import type { Dataset } from "../data/dataset.js";
import { openData } from "../data/open.js";
import { grouped } from "../game/table.js";
import type { Origin } from "./origin.js";
import type { Terminal } from "./terminal/terminal.js";

const everyMs = 100;

/** Opens data, counting pictures on a screen while they are read. */
export async function openShown(
  { source, options }: Origin,
  { terminal, quiet }: { readonly terminal: Terminal; readonly quiet: boolean },
): Promise<Dataset> {
  if (quiet || !terminal.live) return await openData(source, options);
  let saidMs = performance.now();
  let said = false;
  const onProgress = (done: number, total: number): void => {
    if (performance.now() - saidMs < everyMs) return;
    saidMs = performance.now();
    said = true;
    terminal.write(`\r\x1b[2Kreading ${grouped(done)} of ${grouped(total)} pictures`);
  };
  try {
    return await openData(source, { ...options, onProgress });
  } finally {
    if (said) terminal.write("\r\x1b[2K");
  }
}
