import type { Reader } from "../reader.js";
import type { Terminal } from "../terminal/terminal.js";

export async function exportCommand(reader: Reader, terminal: Terminal): Promise<number> {
  reader.finish();
  terminal.complain("not there yet\n");
  return 1;
}
