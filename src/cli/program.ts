import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { BelamyError, ConfigurationError, closest } from "../shape/error.js";
import { type CommandName, help } from "./help.js";
import { hyperNames, kebab, usualSystem } from "./hyper-flags.js";
import { Reader, UsageError } from "./reader.js";
import type { Terminal } from "./terminal/terminal.js";

/** What a command does with what was typed; the number is the exit code. */
export type Action = (reader: Reader, terminal: Terminal) => Promise<number>;

interface CommandEntry {
  /** Flags as commander writes them. */
  readonly flags: readonly string[];
  readonly run: Action;
}

export const pictureFlags = [
  "--size <n>",
  "--color <word>",
  "--fit <word>",
  "--filter <word>",
  "--background <color>",
  "--split <word>",
  "--label <column>",
  "--classes <names>",
  "--leave <columns>",
  "--category <columns>",
  "--skip-missing",
  "--skip-bad",
  "--no-cache",
  "--limit <n>",
  "--given <source>",
  "--within <folder>",
  "--pairs <word>",
  "--direction <word>",
  "--legend <file>",
  "--void <names>",
] as const;

// Loaded when they are asked for, so that `--help` waits for no engine.
const commands: Readonly<Record<CommandName, CommandEntry>> = {
  train: {
    flags: [
      "--system <name>",
      "--rounds <n>",
      "--minutes <n>",
      "--seed <n>",
      "--hyper <pair>",
      "--preset <name>",
      "--features <file>",
      "--device <name>",
      "--replicas <n>",
      "--out <folder>",
      "--resume <run>",
      "--branch <run>",
      "--checkpoint <round>",
      "--dry-run",
      "--profile [file]",
      "--json",
      "--quiet",
      ...pictureFlags,
    ],
    run: async (...given) => (await import("./commands/train.js")).trainCommand(...given),
  },
  generate: {
    flags: ["--grid <size>", "--count <n>", "--walk", "--seed <n>", "--out <path>"],
    run: async (...given) => (await import("./commands/generate.js")).generateCommand(...given),
  },
  upscale: {
    flags: [
      "--model <source>",
      "--out <path>",
      "--scale <n>",
      "--down <n>",
      "--size <n>",
      "--to <word>",
      "--seamless [word]",
      "--alpha <word>",
      "--normal-maps <glob>",
      "--palette <word>",
      "--tile <n>",
      "--device <name>",
      "--skip-bad",
      "--dry-run",
      "--json",
    ],
    run: async (...given) => (await import("./commands/upscale.js")).upscaleCommand(...given),
  },
  fill: {
    flags: ["--out <path>", "--seed <n>", "--count <n>", "--known <picture>"],
    run: async (...given) => (await import("./commands/fill.js")).fillCommand(...given),
  },
  curve: {
    flags: ["--pictures <folder>", "--alphas <list>", "--out <file>", "--json"],
    run: async (...given) => (await import("./commands/curve.js")).curveCommand(...given),
  },
  apply: {
    flags: ["--out <path>", "--own-size", ...pictureFlags],
    run: async (...given) => (await import("./commands/apply.js")).applyCommand(...given),
  },
  portrait: {
    flags: [
      "--of <n>",
      "--seed <n>",
      "--canvas <size>",
      "--truncation <n>",
      "--model <source>",
      "--pixels <n>",
      "--bare",
      "--out <file>",
      "--json",
    ],
    run: async (...given) => (await import("./commands/portrait.js")).portraitCommand(...given),
  },
  serve: {
    flags: ["--port <n>", "--host <address>", "--rate <n>", "--truncation <n>", "--json"],
    run: async (...given) => (await import("./commands/serve.js")).serveCommand(...given),
  },
  export: {
    flags: ["--format <word>", "--out <file>"],
    run: async (...given) => (await import("./commands/export.js")).exportCommand(...given),
  },
  evaluate: {
    flags: [
      "--data <source>",
      "--against <split>",
      "--features <word>",
      "--output <name>",
      "--resize <filter>",
      "--range <word>",
      "--inception <file>",
      "--samples <n>",
      "--seed <n>",
      "--neighbours <file>",
      "--perceptual-path",
      "--stacked <source>",
      "--json",
    ],
    run: async (...given) => (await import("./commands/evaluate.js")).evaluateCommand(...given),
  },
  systems: {
    flags: ["--preset <name>", "--bibtex", "--json"],
    run: async (...given) => (await import("./commands/systems.js")).systemsCommand(...given),
  },
  data: {
    flags: ["--out <file>", "--dry-run", "--json", ...pictureFlags],
    run: async (...given) => (await import("./commands/data.js")).dataCommand(...given),
  },
  studio: {
    flags: ["--port <n>", "--runs <folder>", "--open", "--json"],
    run: async (...given) => (await import("./commands/studio.js")).studioCommand(...given),
  },
  doctor: {
    flags: ["--json"],
    run: async (...given) => (await import("./commands/doctor.js")).doctorCommand(...given),
  },
  runs: {
    flags: ["--json"],
    run: async (...given) => (await import("./commands/runs.js")).runsCommand(...given),
  },
};

/** The whole command line: runs what was typed, says what went wrong, returns the exit code. */
export async function cli(argv: readonly string[], terminal: Terminal): Promise<number> {
  const words = argv.filter((word) => word !== "--debug");
  try {
    return await dispatch(words, terminal);
  } catch (error) {
    return explain(error, { terminal, debug: words.length < argv.length });
  }
}

async function dispatch(words: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = words;
  if (name === undefined || ["-h", "--help", "help"].includes(name)) {
    const topic = rest[0];
    terminal.write(isCommand(topic) ? help[topic] : help.belamy);
    return 0;
  }
  if (["-v", "--version"].includes(name)) {
    terminal.write(`${version()}\n`);
    return 0;
  }
  if (!isCommand(name)) {
    const what = name.startsWith("-") ? "unknown" : "no such command";
    const near = name.startsWith("-") ? undefined : closest(name, Object.keys(commands));
    const meant = near === undefined ? "" : `; did you mean ${near}?`;
    throw new UsageError([`${name}: ${what}${meant}`], { command: "belamy" });
  }
  if (rest.some((word) => word === "-h" || word === "--help")) {
    terminal.write(help[name]);
    return 0;
  }
  return await commands[name].run(parse(name, rest), terminal);
}

const isCommand = (name: string | undefined): name is CommandName =>
  name !== undefined && Object.hasOwn(commands, name);

/** Hands the words to commander, which splits them; what they mean is checked afterwards. */
function parse(name: CommandName, words: readonly string[]): Reader {
  const command = new Command(name)
    .exitOverride()
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .configureOutput({ writeErr: () => {} });
  for (const flag of commands[name].flags) {
    if (flag.startsWith("--hyper ")) command.option(flag, "", collect, []);
    else command.option(flag);
  }
  if (name === "train") {
    for (const hyper of hyperNames(systemAmong(words))) {
      const flag = `--${kebab(hyper)}`;
      if (!command.options.some((option) => option.long === flag))
        command.option(`${flag} <value>`);
    }
  }
  const known = command.options.map((option) => option.long!.slice(2));
  try {
    const { operands, unknown } = command.parseOptions([...words]);
    const flags = command.opts();
    return new Reader({
      command: `belamy ${name}`,
      operands: [...operands, ...unknown.filter((_, i) => isOperand(unknown, i))],
      flags,
      unknown: unknown.filter(looksLikeFlag),
      known: [...known, "help"],
    });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const flag = /--[a-z0-9-]+/.exec(error.message)?.[0] ?? name;
    throw new UsageError([`${flag}: needs a value`], { command: `belamy ${name}` });
  }
}

const looksLikeFlag = (word: string): boolean => /^--?[a-z]/i.test(word);

/** A word after an unknown flag is taken for its value. */
const isOperand = (words: readonly string[], i: number): boolean =>
  !looksLikeFlag(words[i]!) && !looksLikeFlag(words[i - 1] ?? "");

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** The system that the words name, looked for before parsing since its flags depend on it. */
function systemAmong(words: readonly string[]): string {
  const at = words.findIndex((word) => word === "--system" || word.startsWith("--system="));
  if (at < 0) {
    return words.includes("--resume") || words.includes("--branch") ? "" : usualSystem;
  }
  return words[at]!.includes("=") ? words[at]!.slice("--system=".length) : (words[at + 1] ?? "");
}

function version(): string {
  const file = new URL("../../package.json", import.meta.url);
  const { version: number } = JSON.parse(readFileSync(file, "utf8")) as { version: string }; // our own
  return `belamy ${number}`;
}

function explain(
  error: unknown,
  { terminal, debug }: { readonly terminal: Terminal; readonly debug: boolean },
): number {
  if (error instanceof UsageError) {
    terminal.complain(`${error.message}\n${error.command} --help shows what there is\n`);
    return 2;
  }
  if (error instanceof BelamyError) {
    terminal.complain(`${error.message}\n`);
    return error instanceof ConfigurationError ? 2 : 1;
  }
  if (error instanceof Error && error.name === "AbortError") return 130;
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? error.stack : undefined;
  terminal.complain(
    debug && stack !== undefined
      ? `${stack}\n`
      : `unexpected: ${message.split("\n")[0]}\n  hint  --debug shows where it came from\n`,
  );
  return 1;
}
