import { table } from "../../game/table.js";
import type {
  PlannedTexture,
  TextureResult,
  UpscalePlan,
  UpscaleReport,
} from "../../upscale/job-report.js";
import { inkOf, type Terminal } from "../terminal/terminal.js";
import { bytes, clip, counted } from "../terminal/text.js";

/** More files than this are summed up, and the least like their sources listed. */
const mostListed = 20;
const fewListed = 10;

/** What `belamy upscale` would do, a line for each file. */
export function plannedLines(plan: UpscalePlan, terminal: Terminal): string[] {
  const { files, kept } = plan;
  const memory = Math.max(...files.map((file) => file.memory));
  const disk = Math.max(...files.map((file) => file.disk));
  const rows = files.map((file) => [
    file.out === file.name ? file.name : `${file.name} → ${file.out}`,
    ...common(file),
    bytes(file.memory),
  ]);
  const there = kept === 0 ? "" : `, ${kept} of them there already`;
  const beside = disk === 0 ? "" : `, and on the disk ${bytes(disk)} meanwhile`;
  return [
    ...head(plan, `would be: ${counted(files.length, "picture")}${there}`, terminal),
    `  pixels take up to ${bytes(memory)} of memory at once, beside the model's own${beside}`,
    "",
    ...listed(rows, "memory", terminal),
    ...after(plan),
  ];
}

/** What `belamy upscale` did. */
export function resultLines(report: UpscaleReport, terminal: Terminal): string[] {
  const { files, kept } = report;
  const { dim } = inkOf(terminal);
  const there = kept === 0 ? "" : `, ${kept} of them there already`;
  const scored = files.flatMap(({ consistency }) =>
    typeof consistency === "number" ? [consistency] : [],
  );
  const isLong = files.length > mostListed;
  const shown = isLong ? [...files].sort(byLikeness).slice(0, fewListed) : files;
  const rows = shown.map((file) => [file.name, ...common(file), decibels(file.consistency)]);
  return [
    ...head(report, counted(files.length, "picture") + there, terminal),
    ...(isLong ? [`  ${kinds(files)}`] : []),
    ...(scored.length > 1 ? [`  made small again: ${spread(scored)} dB to their sources`] : []),
    "",
    ...(isLong ? [dim(`  the ${fewListed} least like their sources; report.json has all`)] : []),
    ...listed(rows, "PSNR dB", terminal),
    ...after(report),
  ];
}

function head({ out, model }: UpscalePlan, said: string, terminal: Terminal): string[] {
  const { bold } = inkOf(terminal);
  return [
    `${bold(out)}${said.startsWith("would") ? " " : ": "}${said}`,
    `  made larger by ${model}`,
  ];
}

const pixels = ([h, w]: readonly [number, number]): string => `${w}×${h}`;

const common = ({ from, to, format, alpha, seamless, normalMap }: PlannedTexture): string[] => [
  pixels(from),
  pixels(to),
  format,
  normalMap ? "normals" : alpha === "opaque" ? "" : alpha,
  seamless.x ? (seamless.y ? "both" : "across") : seamless.y ? "down" : "",
];

const listed = (
  rows: readonly (readonly string[])[],
  last: string,
  terminal: Terminal,
): string[] => {
  const right = { align: "right" } as const;
  const columns = [{}, right, right, {}, {}, {}, right];
  const heads = ["picture", "from", "to", "as", "alpha", "seamless", last];
  const [first, ...lines] = table([heads, ...rows], columns);
  const { dim } = inkOf(terminal);
  const width = terminal.live ? terminal.columns() - 2 : Number.POSITIVE_INFINITY;
  return [dim(`  ${clip(first!, width)}`), ...lines.map((line) => `  ${clip(line, width)}`)];
};

/** Notes, each with the files that it is about, and what was left out. */
function after({ files, skipped }: Pick<UpscalePlan, "files" | "skipped">): string[] {
  const about = new Map<string, string[]>();
  for (const { name, notes } of files) {
    for (const note of notes) about.set(note, [...(about.get(note) ?? []), name]);
  }
  const noted = [...about].map(
    ([note, names]) =>
      `note: ${names.length > 1 ? counted(names.length, "picture") : names[0]}: ${note}`,
  );
  const left = skipped.map(({ file, reason }) => `left out: ${file} ${reason}`);
  return noted.length + left.length === 0 ? [] : ["", ...noted, ...left];
}

const byLikeness = (a: TextureResult, b: TextureResult): number => level(a) - level(b);
const level = ({ consistency }: TextureResult): number =>
  typeof consistency === "number" ? consistency : Number.MAX_VALUE;

const decibels = (consistency: TextureResult["consistency"]): string =>
  typeof consistency === "number" ? consistency.toFixed(1) : (consistency ?? "");

/** `32.9 (14.2 to 58.1)`: the middle one and the ends. */
function spread(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const [least, middle, most] = [sorted[0]!, sorted[sorted.length >> 1]!, sorted.at(-1)!];
  return `${middle.toFixed(1)} (${least.toFixed(1)} to ${most.toFixed(1)})`;
}

/** `327 seamless both ways, 39 across, 21 down; 279 with alpha; 3 normal maps` */
function kinds(files: readonly PlannedTexture[]): string {
  const count = (test: (file: PlannedTexture) => boolean): number => files.filter(test).length;
  const seams = [
    `${count(({ seamless: { x, y } }) => x && y)} seamless both ways`,
    `${count(({ seamless: { x, y } }) => x && !y)} across`,
    `${count(({ seamless: { x, y } }) => !x && y)} down`,
  ].join(", ");
  const alpha = `${count((file) => file.alpha !== "opaque")} with alpha`;
  const normals = count(({ normalMap }) => normalMap);
  return [seams, alpha, ...(normals > 0 ? [counted(normals, "normal map")] : [])].join("; ");
}
