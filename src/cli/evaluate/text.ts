import { grouped, short, table, wrap } from "../../game/table.js";
import type { Score } from "../../metrics/judge.js";
import type { Evaluation } from "../../run/scores.js";
import { inkOf, type Terminal } from "../terminal/terminal.js";
import { flow } from "../terminal/text.js";

/** The scores as a table, shares of classes, and by which protocols. */
export function scoreText({ scores, classes }: Evaluation, terminal: Terminal): string {
  const { bold, dim } = inkOf(terminal);
  const width = Math.min(100, terminal.columns() - 1);
  const floors = scores.some(({ floor }) => floor !== undefined);
  const arrows = terminal.unicode ? { higher: "↑", lower: "↓" } : { higher: "+", lower: "-" };
  const rows = scores.map(({ name, better, value, floor }) => [
    name,
    arrows[better],
    short(value),
    ...(floors ? [floor === undefined ? "" : short(floor)] : []),
  ]);
  const right = { align: "right" } as const;
  const [head, ...body] = table(
    [["score", "", "value", ...(floors ? ["floor"] : [])], ...rows],
    [{}, {}, right, right],
  );
  const shares = Object.entries(classes ?? {}).map(
    ([name, share]) => `${name} ${(100 * share).toFixed(1)} %`,
  );
  return [
    bold(head!),
    ...body,
    ...(shares.length === 0 ? [] : ["", ...flow(["samples by class", ...shares], width)]),
    "",
    ...protocols(scores).flatMap((line) => wrap(line, width).map(dim)),
    "",
  ].join("\n");
}

/** Each protocol once, after the names of its scores; what goes on from another tells the rest alone. */
function protocols(scores: readonly Score[]): string[] {
  const names = new Map<string, string[]>();
  for (const { name, protocol } of scores) {
    names.set(protocol, [...(names.get(protocol) ?? []), name]);
  }
  return [...names].map(([protocol, of]) => {
    const before = [...names].find(([other]) => protocol.startsWith(`${other}; `));
    const told =
      before === undefined ? protocol : `as ${before[1][0]}${protocol.slice(before[0].length)}`;
    return `${of.join(", ")}: ${told}`;
  });
}

/** What was judged and what it was held against. */
export function headText(
  { generator, round, samples, seed, against }: Evaluation,
  { system, terminal }: { readonly system: string; readonly terminal: Terminal },
): string {
  const { bold, dim } = inkOf(terminal);
  const after = round === undefined ? "" : ` after ${grouped(round)} rounds`;
  const drawn = `${grouped(samples)} samples of ${system}${after}, seed ${seed}`;
  return `${bold(`${drawn}, against ${grouped(against.count)} of ${against.name}`)}\n${dim(generator)}\n\n`;
}
