import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Dataset } from "../../data/dataset.js";
import type { StartedEvent, StoppedEvent } from "../../game/events.js";
import { short, wrap } from "../../game/table.js";
import { runsFolder } from "../find-run.js";
import { inkOf, type Terminal } from "../terminal/terminal.js";
import { clock, counted, describeData } from "../terminal/text.js";
import type { Meter } from "./meter.js";

/** The first lines of a run: what was picked. */
export function opening(
  { system, device, replicas, round, rounds, seed, folder }: StartedEvent,
  {
    data,
    minutes,
    terminal,
  }: { readonly data: Dataset; readonly minutes: number | undefined; readonly terminal: Terminal },
): string {
  const { bold, dim } = inkOf(terminal);
  const skipped = data.skipped.length > 0 ? `, ${data.skipped.length} skipped` : "";
  const budget =
    rounds === undefined && minutes !== undefined
      ? counted(minutes, "minute")
      : counted(rounds ?? 0, "round");
  const from = round > 0 ? `, from round ${round}` : "";
  return [
    `${bold(`${system} on ${data.name}`)}: ${describeData(data)}${skipped}`,
    `${budget}${from}, seed ${seed}, ${device}, ${counted(replicas, "replica")}`,
    ...(folder === undefined ? [] : [dim(folder)]),
    "",
    "",
  ].join("\n");
}

/** What a run can be used for once it has learned: which command does it. */
export type Use = "generate" | "fill" | "apply";

const uses: Readonly<Record<Use, (folder: string) => string>> = {
  generate: (folder) => `belamy generate ${folder}`,
  fill: (folder) => `belamy fill ${folder} DATA --out filled`,
  apply: (folder) => `belamy apply ${folder} PICTURES --out made`,
};

/** The last lines: what there is now, and what can be done with it. */
export function closing(
  { round, reason }: StoppedEvent,
  {
    folder,
    meter,
    seconds,
    terminal,
    use = "generate",
  }: {
    readonly folder: string | undefined;
    readonly meter: Meter;
    readonly seconds: number;
    readonly terminal: Terminal;
    /** The command that what was learned is for. */
    readonly use?: Use;
  },
): string {
  const { bold, good, bad, dim } = inkOf(terminal);
  const verb = { finished: good("finished"), asked: "stopped" } as const;
  const words = reason === "finished" || reason === "asked" ? verb[reason] : bad("failed");
  const rows = [
    ...(meter.conclusion?.outcomes ?? []).map(({ name, value, unit }) => [
      name,
      unit === undefined ? short(value) : `${short(value)} ${unit}`,
    ]),
    ...meter.scores.map(({ name, value }) => [name, short(value)]),
    ...(folder === undefined ? [] : filesIn(folder)),
    ...(folder !== undefined && reason === "asked"
      ? [["go on", `belamy train --resume ${folder}`]]
      : []),
    ...(folder === undefined ? [] : figuresOf(meter, folder)),
    ...(folder !== undefined && reason === "finished" && hasGenerator(folder)
      ? [["try", uses[use](folder)]]
      : []),
    ...(folder === undefined ? [] : [["look", `belamy studio${studioWords(folder)}`]]),
  ];
  const protocols = [...new Set(meter.scores.map(({ protocol }) => protocol))];
  const width = Math.max(0, ...rows.map(([label]) => label!.length));
  return [
    "",
    `${words} after ${counted(round, "round")} in ${clock(seconds)}`,
    ...rows.map(([label, text]) => `  ${bold(label!.padEnd(width))}  ${text}`),
    ...protocols
      .flatMap((protocol) => wrap(`scores: ${protocol}`, terminal.columns() - 3))
      .map((line) => dim(`  ${line}`)),
    "",
  ].join("\n");
}

/** The studio shows ./runs unless told otherwise. */
const studioWords = (folder: string): string => {
  const within = dirname(folder);
  return within === runsFolder ? "" : ` --runs ${within}`;
};

const hasGenerator = (folder: string): boolean => existsSync(join(folder, "generator.onnx"));

/** The pictures that explain the run. */
const figuresOf = ({ conclusion }: Meter, folder: string): string[][] =>
  (conclusion?.figures ?? []).flatMap(({ file }, i) =>
    file === undefined ? [] : [[i === 0 ? "figures" : "", join(folder, file)]],
  );

function filesIn(folder: string): string[][] {
  const files = [
    ["samples", join(folder, "samples", "final.png")],
    ["generator", join(folder, "generator.onnx")],
  ];
  return [["run", folder], ...files.filter(([, file]) => existsSync(file!))];
}
