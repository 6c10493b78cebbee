/** How many colours may be used: none, the 256 of xterm, or 24 bits. */
export type Colors = "none" | "256" | "true";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the command line speaks: two streams and what they can show. */
export interface Terminal {
  write(text: string): void;
  complain(text: string): void;
  /** Whether lines can be drawn over: a screen, not a pipe. */
  readonly live: boolean;
  readonly colors: Colors;
  /** Whether more than ASCII can be shown. */
  readonly unicode: boolean;
  columns(): number;
  rows(): number;
  readonly env: Environment;
  /** Aborted when nobody reads any more, as with `| head`. */
  readonly closed: AbortSignal;
}

/** What a stream can show, from the customs of NO_COLOR, COLORTERM and TERM. */
export function colorsOf(env: Environment, isTty: boolean): Colors {
  const { NO_COLOR, FORCE_COLOR, COLORTERM = "", TERM = "" } = env;
  if (NO_COLOR !== undefined && NO_COLOR !== "") return "none";
  const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== "" && FORCE_COLOR !== "0";
  if (!forced && (!isTty || TERM === "dumb" || TERM === "")) return "none";
  if (/truecolor|24bit/i.test(COLORTERM) || /direct|truecolor/.test(TERM)) return "true";
  return /256/.test(TERM) || forced ? "256" : "none";
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  const closing = new AbortController();
  const onError = (error: Error): void => {
    // Nobody reads any more: what is left to say is dropped, and a run saves and stops.
    if ("code" in error && error.code === "EPIPE") closing.abort();
    else throw error;
  };
  stdout.on("error", onError);
  stderr.on("error", onError);
  const dumb = env.TERM === "dumb";
  return {
    write: (text) => {
      if (!closing.signal.aborted) stdout.write(text);
    },
    complain: (text) => void stderr.write(text),
    live: Boolean(stdout.isTTY) && !dumb,
    colors: colorsOf(env, Boolean(stdout.isTTY)),
    unicode: !dumb && env.TERM !== "linux",
    columns: () => stdout.columns || Number(env.COLUMNS) || 80,
    rows: () => stdout.rows || 24,
    env,
    closed: closing.signal,
  };
}

/** Words of a terminal, or as they are where it has no colours. */
export interface Ink {
  bold(text: string): string;
  dim(text: string): string;
  accent(text: string): string;
  good(text: string): string;
  bad(text: string): string;
}

export function inkOf({ colors }: Pick<Terminal, "colors">): Ink {
  const paint = (open: string, close: string) => (text: string) =>
    colors === "none" ? text : `\x1b[${open}m${text}\x1b[${close}m`;
  return {
    bold: paint("1", "22"),
    dim: paint("2", "22"),
    accent: paint("36", "39"),
    good: paint("32", "39"),
    bad: paint("31", "39"),
  };
}
