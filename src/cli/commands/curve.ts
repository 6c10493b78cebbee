import { existsSync, statSync } from "node:fs";
import { short, table, wrap } from "../../game/table.js";
import { writeWhole } from "../../run/write.js";
import { ConfigurationError } from "../../shape/error.js";
import { openNetworks } from "../../upscale/curve/networks.js";
import { smallAndLarge } from "../../upscale/curve/pictures.js";
import { protocol, type SetScore, scoreSet } from "../../upscale/curve/score.js";
import { openUpscaler } from "../../upscale/open.js";
import { curveFigure } from "../../zoo/super-resolution/curve.js";
import { findRun } from "../find-run.js";
import type { Reader } from "../reader.js";
import { Progress } from "../report/progress.js";
import { checkEnding } from "../sheet.js";
import { inkOf, type Terminal } from "../terminal/terminal.js";
import { counted } from "../terminal/text.js";

/** A place on the curve; a network alone is at 1. */
interface Point extends SetScore {
  readonly alpha: number;
}

/** Scores what a run or weights make of small pictures, and all that lies between two networks. */
export async function curveCommand(reader: Reader, terminal: Terminal): Promise<number> {
  const [first, second] = reader.operands("SOURCE", "OTHER");
  const folder = reader.text("pictures");
  const alphas = readAlphas(reader);
  const out = reader.text("out");
  const json = reader.is("json");
  if (folder === undefined) reader.problem("--pictures", "missing; name a folder of pictures");
  reader.finish();
  if (out !== undefined) checkEnding(out, [".svg"], "--out");
  const networks = await openNetworks(sourceOf(first), second);
  if (!networks.two && out !== undefined) {
    const why = `${networks.about} is one network: there is no curve`;
    throw new ConfigurationError({ op: "--out", why, hint: "give it a second file of weights" });
  }
  const progress = new Progress(terminal, json);
  const points: Point[] = [];
  const last = await networks.at(1);
  const pictures = await smallAndLarge(folder!, last.scale); // checked above
  const kernel = await openUpscaler("bicubic", { scale: last.scale });
  const bicubic = await scoreSet(kernel, pictures);
  try {
    for (const alpha of networks.two ? alphas : [1]) {
      const network = alpha === 1 ? last : await networks.at(alpha);
      const say = (name: string): void => progress.say(`α = ${alpha}: ${name}`);
      points.push({ alpha, ...(await scoreSet(network, pictures, say)) });
      if (network !== last) await network.release();
    }
  } finally {
    progress.end();
    await last.release();
  }
  const scored = { source: networks.about, folder: folder!, protocol: protocol(last.scale) };
  if (out !== undefined) {
    const of = `${counted(pictures.length, "picture")} of ${folder}`;
    writeWhole(out, [new TextEncoder().encode(curveFigure(points, { of, bicubic }).svg)]);
  }
  if (json) {
    terminal.write(`${JSON.stringify({ ...scored, bicubic, points }, undefined, 2)}\n`);
    return 0;
  }
  terminal.write(text({ ...scored, bicubic, points, count: pictures.length }, terminal));
  if (out !== undefined) terminal.write(`${out}: the curve\n`);
  return 0;
}

/** A file, a kernel's name, or a run as other commands find it. */
function sourceOf(wanted: string | undefined): string {
  if (wanted === "bicubic" || wanted === "lanczos") return wanted;
  if (wanted !== undefined && statSync(wanted, { throwIfNoEntry: false })?.isFile()) return wanted;
  if (wanted !== undefined && /\.\w+$/.test(wanted) && !existsSync(wanted)) {
    throw new ConfigurationError({ op: wanted, why: "there is no such file" });
  }
  return findRun(wanted);
}

/** Places between two networks: numbers with commas between them, or how many there are. */
function readAlphas(reader: Reader): readonly number[] {
  const given = reader.text("alphas");
  if (given === undefined) return evenly(11);
  const numbers = given.split(",").map(Number);
  if (numbers.length === 1 && Number.isInteger(numbers[0]) && numbers[0]! >= 2) {
    return evenly(numbers[0]!);
  }
  if (numbers.every((n) => n >= 0 && n <= 1)) return numbers;
  reader.problem("--alphas", `expected 11, or numbers such as 0,0.5,1, received ${given}`);
  return [];
}

const evenly = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.round((1e6 * i) / (count - 1)) / 1e6);

function text(
  scored: {
    readonly source: string;
    readonly folder: string;
    readonly protocol: string;
    readonly bicubic: SetScore;
    readonly points: readonly Point[];
    readonly count: number;
  },
  terminal: Terminal,
): string {
  const { source, folder, bicubic, points, count } = scored;
  const { bold, dim } = inkOf(terminal);
  const right = { align: "right" } as const;
  const row = (name: string, { psnr, ssim, spectrum, energy }: SetScore): readonly string[] => [
    name,
    psnr === Number.POSITIVE_INFINITY ? "∞" : psnr.toFixed(2),
    ssim.toFixed(4),
    // Flat pictures have no spectrum.
    ...[spectrum, energy].map((value) => (Number.isFinite(value) ? short(value) : "–")),
  ];
  const nameOf = ({ alpha }: Point): string => (points.length === 1 ? source : `α = ${alpha}`);
  const [head, ...body] = table(
    [
      ["", "PSNR, dB", "SSIM", "spectrum error", "energy"],
      row("bicubic", bicubic),
      ...points.filter(() => source !== "bicubic").map((point) => row(nameOf(point), point)),
    ],
    [{}, right, right, right, right],
  );
  const width = Math.min(100, terminal.columns() - 1);
  return [
    bold(`${source} on ${counted(count, "picture")} of ${folder}`),
    "",
    bold(head!),
    ...body,
    "",
    ...wrap(scored.protocol, width).map(dim),
    "",
  ].join("\n");
}
