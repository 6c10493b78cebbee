import { cli } from "../../src/cli/program.js";
import type { Terminal } from "../../src/cli/terminal/terminal.js";
import type { Said } from "./program.js";

/** Runs a command line in this process, on a terminal of 80 columns that is a pipe. */
export async function inProcess(words: readonly string[]): Promise<Said> {
  let [out, err] = ["", ""];
  const terminal: Terminal = {
    write: (text) => {
      out += text;
    },
    complain: (text) => {
      err += text;
    },
    live: false,
    colors: "none",
    unicode: true,
    columns: () => 80,
    rows: () => 24,
    env: {},
    closed: new AbortController().signal,
  };
  const code = await cli(words, terminal);
  return { code, out, err };
}
