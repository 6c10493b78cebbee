import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const program = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

export interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** An empty folder to run commands in. */
export const emptyFolder = (): string => mkdtempSync(join(tmpdir(), "belamy-cli-"));

export interface Setting {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the built program, with nothing of the terminal that runs the tests. */
export function begin(words: readonly string[], { cwd, env = {} }: Setting = {}): ChildProcess {
  const { PATH = "", HOME = "", BELAMY_CACHE = "" } = process.env;
  return spawn(process.execPath, [program, ...words], {
    cwd,
    env: { PATH, HOME, BELAMY_CACHE, ...env },
  });
}

/** Runs the built program to its end. */
export async function belamy(words: readonly string[], setting: Setting = {}): Promise<Said> {
  return await ending(begin(words, setting));
}

export async function ending(child: ChildProcess): Promise<Said> {
  let [out, err] = ["", ""];
  child.stdout?.on("data", (text: Buffer) => {
    out += text.toString();
  });
  child.stderr?.on("data", (text: Buffer) => {
    err += text.toString();
  });
  const code = await new Promise<number | null>((resolve) => {
    child.on("close", (code, signal) =>
      // As shells tell of an end by a signal.
      resolve(signal === null ? code : 128 + constants.signals[signal]),
    );
  });
  return { code, out, err };
}

/** A game so small that a round takes a millisecond. */
export const tiny = ["--system", "gan", "--width", "16", "--units", "8", "--latent", "4"] as const;
