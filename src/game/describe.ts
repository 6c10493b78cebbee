import type { FrozenNetwork } from "../nn/features.js";
import type { Condition, LayerRow } from "../nn/layer.js";
import { formatShape, type Shape, sizeOf } from "../shape/shape.js";
import { input } from "../tensor/tensor.js";
import type { DataDescription, Draw } from "./draws.js";
import { sourceOf } from "./draws.js";
import type { HyperParameter } from "./hyper.js";
import type { Owned } from "./network.js";
import {
  type Citation,
  type Departure,
  type Phase,
  type System,
  settleFor,
  type Values,
} from "./system.js";
import { grouped, short, table, wrap } from "./table.js";

/** A definition with its numbers settled, as plain data: `--json` prints this. */
export interface Description {
  readonly name: string;
  readonly cite: Citation;
  readonly equations: readonly string[];
  readonly hyper: readonly DescribedHyper[];
  readonly departs: readonly Departure[];
  readonly data: DataDescription;
  readonly chance: readonly { readonly name: string; readonly draw: Draw }[];
  readonly environments: readonly DescribedEnvironment[];
  readonly players: readonly DescribedPlayer[];
  readonly simultaneous: boolean;
  /** Stretches of a run with their own players; none when all move all the time. */
  readonly phases: readonly Phase<string>[];
  /** Named settings, and what they are for. */
  readonly presets: readonly { readonly name: string; readonly about: string }[];
  readonly networks: readonly DescribedNetwork[];
}

export interface DescribedHyper extends HyperParameter {
  readonly name: string;
  /** For data of this kind. */
  readonly default: number | string;
}

/** What answers the players, and how long it is lived in. */
export interface DescribedEnvironment {
  readonly name: string;
  readonly environment: string;
  readonly steps: number;
  readonly worlds: number;
  readonly continues: boolean;
}

export interface DescribedPlayer {
  readonly name: string;
  readonly owns: readonly string[];
  readonly learner: string;
  readonly turns: number;
  readonly every: Readonly<Record<string, number>>;
}

export interface DescribedNetwork {
  readonly name: string;
  /** Without the batch; absent for a tensor that is owned as it is. */
  readonly input: Shape | undefined;
  /** What it is told beside its input. */
  readonly condition?: Condition;
  readonly output: Shape;
  readonly rows: readonly LayerRow[];
  readonly parameters: number;
  /** What it is, when it is a network that nobody moves. */
  readonly frozen?: string;
}

/** One titled part of a description. */
export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/**
 * Settles a definition with some `hyper`-parameters on some `data`: tables, equations and departures
 * as data.
 *
 * @throws {ShapeError} when the networks do not fit the data.
 *
 * @example
 * const points = { kind: "points", shape: [2], classes: 8, count: 1000 } as const;
 * const { networks } = describe(zoo.r3gan, { hyper: settle(zoo.r3gan.hyper), data: points });
 * networks.map(({ name, parameters }) => [name, parameters]); // → [["G",41602],["D",33537]]
 */
export function describe(
  system: System,
  { hyper, data }: { readonly hyper: Values; readonly data: DataDescription },
): Description {
  const usual = settleFor(system, data);
  const owned = system.networks(hyper, data);
  const players = Object.entries(system.players(hyper, data));
  const chance = Object.entries(system.chance(hyper, sourceOf(data)));
  return {
    name: system.name,
    cite: system.cite,
    equations: system.equations,
    hyper: Object.entries(system.hyper).map(([name, parameter]) => ({
      ...parameter,
      name,
      value: hyper[name] ?? parameter.value,
      default: usual[name] ?? parameter.value,
    })),
    departs: system.departs,
    data: { kind: data.kind, shape: data.shape, classes: data.classes, count: data.count },
    chance: chance.map(([name, draw]) => ({ name, draw })),
    environments: Object.entries(system.environments(hyper, data)).map(([name, rollout]) => ({
      name,
      environment: rollout.environment.name,
      steps: rollout.steps,
      worlds: rollout.worlds ?? Number(hyper.group),
      continues: rollout.continues ?? false,
    })),
    players: players.map(([name, player]) => ({
      name,
      owns: player.owns,
      learner: player.learner.name,
      turns: player.turns ?? 1,
      every: player.every ?? {},
    })),
    simultaneous: system.simultaneous,
    phases: system.phases(hyper) ?? [],
    presets: Object.entries(system.presets).map(([name, { about }]) => ({ name, about })),
    networks: Object.entries(owned).map(([name, thing]) => describeOwned(name, thing, data)),
  };
}

function describeOwned(name: string, owned: Owned, data: DataDescription): DescribedNetwork {
  if (owned.kind === "features") return describeFrozen(name, owned.network, data);
  if (owned.kind === "tensor") {
    const { shape } = owned.kept;
    const rows = [{ name: "tensor", output: shape, parameters: sizeOf(shape) }];
    return { name, input: undefined, output: shape, rows, parameters: sizeOf(shape) };
  }
  const { output, rows } = owned.built;
  const parameters = rows.reduce((n, row) => n + row.parameters, 0);
  const { input, condition } = owned;
  return { name, input, ...(condition && { condition }), output, rows, parameters };
}

/** A frozen network, by its layers that have weights, as it sees pictures as large as the data's. */
function describeFrozen(
  name: string,
  network: FrozenNetwork,
  data: DataDescription,
): DescribedNetwork {
  const [, h = 64, w = 64] = data.shape;
  const seen = [3, h, w];
  const weights = Object.entries(network.weights);
  const look = network.look(input("x", [1, ...seen]), (weight) =>
    input(weight, network.weights[weight]!.shape),
  );
  const rows = network.layers.flatMap((layer) => {
    const own = weights.filter(([weight]) => weight.startsWith(`${layer}.`));
    if (own.length === 0) return [];
    const parameters = own.reduce((n, [, { shape }]) => n + sizeOf(shape), 0);
    return [{ name: layer, output: look(layer).shape.slice(1), parameters }];
  });
  const parameters = rows.reduce((n, row) => n + row.parameters, 0);
  const output = rows.at(-1)?.output ?? [];
  return { name, input: seen, output, rows, parameters, frozen: network.name };
}

/**
 * A description as titled parts, each at most `width` columns where words allow it.
 *
 * @example
 * const points = { kind: "points", shape: [2], classes: 8, count: 1000 } as const;
 * const parts = sectionsOf(describe(zoo.gan, { hyper: settle(zoo.gan.hyper), data: points }));
 * parts.map(({ title }) => title).slice(0, 3); // → ["gan","Game","Hyper-parameters"]
 */
export function sectionsOf(description: Description, { width = 80 } = {}): Section[] {
  const { name, cite, equations, networks } = description;
  const source = cite.arxiv === undefined ? cite.url : `arXiv ${cite.arxiv}`;
  const published = [String(cite.year), ...(source === undefined ? [] : [source])].join(", ");
  return [
    {
      title: name,
      lines: [cite.title, cite.authors, published, cite.at].flatMap((line) =>
        wrap(line, width - 2),
      ),
    },
    {
      title: "Game",
      lines: [...equations, "", ...rulesOf(description).flatMap((line) => wrap(line, width - 2))],
    },
    { title: "Hyper-parameters", lines: hyperLines(description, width - 2) },
    ...presetLines(description, width - 2),
    ...departures(description, width - 2),
    ...networks.map((network) => networkSection(network, width - 2)),
  ];
}

/** What chance draws, and who moves what and when. */
function rulesOf(description: Description): string[] {
  const { chance, environments, players, simultaneous, phases, hyper } = description;
  const batch = hyper.find((h) => h.name === "batch")?.value;
  const drawn = chance.map(({ name, draw }) => `${name} ${drawText(draw)}`);
  return [
    ...(drawn.length === 0 ? [] : [`each turn draws ${batch} of: ${drawn.join(", ")}`]),
    ...environments.map(({ name, environment, steps, worlds, continues }) => {
      const where = worlds === 1 ? "one world" : `${worlds} worlds`;
      const how = continues ? ", where the turn before ended" : "";
      return `each turn lives ${name}: ${steps} steps of ${environment} in ${where}${how}`;
    }),
    ...players.map(({ name, owns, learner, turns, every }) => {
      const lazy = Object.entries(every).map(([term, n]) => `${term} every ${n} turns`);
      const parts = [
        `${name} moves ${owns.join(", ")} by ${learner}`,
        ...(turns === 1 ? [] : [`${turns} turns a round`]),
        ...lazy,
      ];
      return parts.join(", ");
    }),
    ...(simultaneous ? ["all move at once, from the same position"] : []),
    ...phases.map(phaseText),
  ];
}

function phaseText({ name, until, players, copies = {} }: Phase<string>): string {
  const kept = Object.entries(copies).map(
    ([copy, from]) => `${copy} becomes a copy of ${from}, then `,
  );
  const end = until === undefined ? "" : ` until ${short(100 * until)} % of the run`;
  return `phase ${name}: ${kept.join("")}${players.join(", ")}${end}`;
}

function drawText(draw: Draw): string {
  if (draw.kind === "items") return `${formatShape(draw.shape)} from the data`;
  if (draw.kind === "given") return `${formatShape(draw.shape)} that belong to those`;
  if (draw.kind === "labels") return "labels of the data";
  if (draw.kind === "classes") return `any of ${draw.classes} labels`;
  if (draw.kind === "normal") return `${formatShape(draw.shape)} normal`;
  if (draw.kind === "present") return "what is known of the data's items";
  if (draw.kind === "some items") return `${formatShape(draw.shape)} from ${draw.of} of the data`;
  if (draw.kind === "some labels") return "labels of those";
  if (draw.kind === "all") return `all ${draw.count} items of the data`;
  if (draw.kind === "all labels") return `all ${draw.count} labels of the data`;
  return `${formatShape(draw.shape)} uniform from ${short(draw.low)} to ${short(draw.high)}`;
}

function presetLines({ presets }: Description, width: number): Section[] {
  if (presets.length === 0) return [];
  const rows = presets.map(({ name, about }) => [`--preset ${name}`, about]);
  return [{ title: "Presets", lines: table(rows, [{}, { wraps: true }], { width }) }];
}

function hyperLines({ hyper }: Description, width: number): string[] {
  const anyChanged = hyper.some(({ value, default: standard }) => value !== standard);
  const mark = (changed: boolean): string => (changed ? "* " : anyChanged ? "  " : "");
  const rows = hyper.map(({ name, value, default: standard, unit, about }) => [
    `${mark(value !== standard)}${name}`,
    typeof value === "number" ? short(value, 6) : value,
    unit ?? "",
    value === standard ? about : `${about} (default ${standard})`,
  ]);
  const columns = [{}, { align: "right" }, {}, { wraps: true }] as const;
  return table(rows, columns, { width });
}

function departures({ departs }: Description, width: number): Section[] {
  if (departs.length === 0) return [];
  const lines = departs.flatMap(({ from, to, because }) => [
    ...wrap(`${from} → ${to}`, width),
    ...wrap(because, width - 2).map((line) => `  ${line}`),
  ]);
  return [{ title: "Departures from the paper", lines }];
}

function networkSection(network: DescribedNetwork, width: number): Section {
  const { name, input, condition, output, rows, parameters, frozen } = network;
  const told =
    condition === undefined
      ? ""
      : ` with ${condition.type === "int32" ? "labels" : formatShape(condition.shape)}`;
  const title =
    input === undefined
      ? `${name} ${formatShape(output)}`
      : frozen !== undefined
        ? `${name}, frozen: ${frozen}, ${formatShape(input)}`
        : `${name} ${formatShape(input)}${told} → ${formatShape(output)}`;
  const cells = [
    ["layer", "output", "parameters"],
    ...rows.map((row) => [row.name, formatShape(row.output), grouped(row.parameters)]),
    ["total", "", grouped(parameters)],
  ];
  return { title, lines: table(cells, [{ wraps: true }, {}, { align: "right" }], { width }) };
}

/**
 * Parts as text: titles flush left, lines indented by two; `title` may colour the titles.
 * @example textOf([{ title: "Game", lines: ["D moves"] }]); // → "Game\n  D moves"
 */
export const textOf = (
  sections: readonly Section[],
  title: (text: string) => string = (text) => text,
): string =>
  sections
    .map(({ title: words, lines }) =>
      [title(words), ...lines.map((line) => (line === "" ? "" : `  ${line}`))].join("\n"),
    )
    .join("\n\n");

/**
 * A BibTeX entry of the paper that a system is from.
 * @example bibtexOf(zoo.r3gan).split("\n")[0]; // → "@misc{huang2024r3gan,"
 */
export function bibtexOf({ name, cite }: Pick<System, "name" | "cite">): string {
  const names = cite.authors.split(/,\s*/);
  const key = `${names[0]!.toLowerCase().replace(/[^a-z]/g, "")}${cite.year}${name.replace(/[^a-z0-9]/gi, "")}`;
  const fields = [
    ["title", `{${cite.title}}`],
    ["author", names.join(" and ")],
    ["year", String(cite.year)],
    ...(cite.arxiv === undefined
      ? []
      : [
          ["eprint", cite.arxiv],
          ["archivePrefix", "arXiv"],
        ]),
    ...(cite.url === undefined ? [] : [["url", cite.url]]),
  ];
  const lines = fields.map(([field, value]) => `  ${field} = {${value}}`);
  return `@misc{${key},\n${lines.join(",\n")}\n}`;
}
