import { describe, expect, it } from "vitest";
import type { Dataset } from "../../src/data/dataset.js";
import { ring } from "../../src/data/points.js";
import { proceduralData } from "../../src/data/procedural.js";
import { shapes } from "../../src/data/shapes.js";
import { alone } from "../../src/game/exchange.js";
import { settle } from "../../src/game/hyper.js";
import { drawPort, type Plan } from "../../src/game/plan.js";
import { Replica } from "../../src/game/replica.js";
import { type System, settleFor, type Values } from "../../src/game/system.js";
import { trace } from "../../src/game/trace.js";
import { checkDrawn, descriptionOf } from "../../src/run/asked.js";
import { generatorModel } from "../../src/run/generator.js";
import { environmentsOf } from "../../src/run/work.js";
import { Memory } from "../../src/runtime/memory.js";
import { ConfigurationError } from "../../src/shape/error.js";
import { sizeOf } from "../../src/shape/shape.js";
import { zoo } from "../../src/zoo/index.js";

/** What makes any system small, where it has such a hyper-parameter. */
const small: Readonly<Record<string, number>> = {
  latent: 6,
  width: 8,
  ngf: 8,
  ndf: 4,
  widest: 16,
  units: 8,
  blocks: 1,
  patch: 16,
  batch: 8,
  group: 4,
};

const sets: readonly Dataset[] = [ring({ count: 64 }), shapes({ count: 16, size: 16 })];

/** What a system is played on: its own set when it has one, and those of the built-in sets that it takes. */
const setsFor = ({ data }: System): readonly Dataset[] =>
  data === undefined || sets.some(({ name }) => name === data)
    ? sets
    : [proceduralData(data), ...sets];

interface Game {
  readonly system: System;
  readonly data: Dataset;
  readonly plan: Plan;
  readonly hyper: Readonly<Record<string, number | string>>;
}

/** Every system on every set that it takes. */
const games: readonly Game[] = Object.values(zoo).flatMap((system: System) =>
  setsFor(system).flatMap((data) => {
    const given = Object.fromEntries(
      Object.entries(small).filter(([name]) => name in system.hyper),
    );
    try {
      const hyper = settleFor(system, descriptionOf({ data }), whole(given, system, data));
      const plan = trace(system, { hyper, data: descriptionOf({ data }) });
      checkDrawn({ system, data }, plan);
      return [{ system, data, plan, hyper }];
    } catch (error) {
      if (error instanceof ConfigurationError) return [];
      throw error;
    }
  }),
);

/** One group lives in an environment, however large. */
function whole(given: Record<string, number>, system: System, data: Dataset): Values {
  const hyper = settle(system.hyper, given);
  const lives = Object.keys(system.environments(hyper, descriptionOf({ data })));
  return lives.length === 0 ? given : { ...given, group: Number(hyper.batch) };
}

async function begin(
  { system, hyper, plan, data }: Game,
  state?: Record<string, Float32Array>,
): Promise<Replica> {
  const memory = new Memory({ device: "cpu" });
  const sizes = plan.turns.flatMap((turn) => turn.variants.map((v) => v.flatSize));
  const exchange = alone(plan.batch / plan.group, Math.max(...sizes));
  const environments = environmentsOf(system, hyper, descriptionOf({ data }));
  const replica = new Replica({ plan, memory, data, seed: 5, exchange, environments });
  await replica.start(state);
  return replica;
}

it("every system plays on at least one of the built-in sets", () => {
  expect(new Set(games.map((game) => game.system.name)).size).toBe(Object.keys(zoo).length);
});

const named = (game: Game) => ({ game, name: `${game.system.name} on ${game.data.name}` });

describe.each(games.map(named))("$name", ({ game }) => {
  it("keeps its promises on paper: a citation with its place, equations, reasons for departures", () => {
    const { cite, equations, departs } = game.system;
    expect(cite.title.length * cite.authors.length * cite.at.length).toBeGreaterThan(0);
    expect(cite.year).toBeGreaterThan(1989);
    expect(equations.length).toBeGreaterThan(0);
    for (const { because } of departs) expect(because.length).toBeGreaterThan(10);
    for (const parameter of Object.values(game.system.hyper)) {
      expect(parameter.about.length).toBeGreaterThan(5);
    }
  });

  it("reports the same finite terms, under the same names, whenever a seeded round is played", async () => {
    const [first, second] = [await begin(game), await begin(game)];
    const report = await first.round(0);
    expect(await second.round(0)).toEqual(report);
    const begins = game.plan.phases[0]!.players;
    const named = game.plan.turns
      .filter(({ player }) => begins.includes(player))
      .flatMap((turn) => turn.variants[0]!.terms);
    expect(Object.keys(report.terms)).toEqual(named);
    for (const value of Object.values(report.terms)) expect(Number.isFinite(value)).toBe(true);
    expect((await first.round(0.5)).terms).not.toEqual(report.terms);
  });

  it("moves every player, and makes the same samples from a saved state", async () => {
    const replica = await begin(game);
    const before = await replica.state();
    await replica.round(0);
    const after = await replica.state();
    const first = game.plan.phases[0]!.players;
    const players = game.system.players(game.hyper, descriptionOf(game));
    for (const owned of first.flatMap((player) => players[player]!.owns)) {
      const mine = Object.keys(after).filter((name) => name.split(".")[0] === owned);
      expect(
        mine.some((name) => after[name]!.some((v, i) => v !== before[name]![i])),
        owned,
      ).toBe(true);
    }
    if (game.plan.sample === undefined) return;
    const again = await begin(game, after);
    expect(await again.samples(5)).toEqual(await replica.samples(5));
    expect((await replica.samples(5)).length).toBe(5 * sizeOf(game.data.shape));
  });
});

describe.each(games.filter(({ plan }) => plan.verdict !== undefined).map(named))(
  "$name",
  ({ game }) => {
    it("judges real items and its own", async () => {
      const replica = await begin(game);
      const logits = await replica.logits(await replica.samples(3));
      expect(logits?.length).toBe(3);
      expect(logits?.every(Number.isFinite)).toBe(true);
    });
  },
);

describe.each(games.filter(({ plan }) => plan.sample !== undefined).map(named))(
  "$name",
  ({ game }) => {
    it("exports a generator that makes the same samples by itself, one or many at a time", async () => {
      const replica = await begin(game);
      await replica.round(0);
      const { system, hyper, data, plan } = game;
      const cells = await replica.state();
      const description = { ...data, classes: data.classes.length };
      const model = generatorModel({ system, hyper, data: description, cells, metadata: {} });
      const { translation, sample } = plan;
      // What makes pictures from pictures is given one.
      const draws =
        translation === undefined
          ? Object.entries(plan.draws).filter(([name]) =>
              sample!.program.feeds.some((port) => port.name === drawPort(name)),
            )
          : [["given", { shape: translation.from, type: "float32" }] as const];
      const memory = new Memory({ device: "cpu" });
      const samples = async (count: number): Promise<Float32Array> => {
        const program = await memory.load({
          model: model as Uint8Array<ArrayBuffer>, // made here
          reads: [],
          feeds: draws.map(([name, { shape, type }]) => {
            return { name, shape: [count, ...shape], type };
          }),
          writes: [],
          returns: [{ name: "samples", shape: [count, ...data.shape], type: "float32" }],
        });
        const numbers = draws.map(([name, { shape, type }]) => {
          if (type === "int32") {
            return [name, Int32Array.from({ length: count }, (_, i) => i % data.classes.length)];
          }
          const each = sizeOf(shape);
          const wave = (_: unknown, i: number): number =>
            Math.sin(1 + (i % each) * (1 + Math.floor(i / each)));
          return [name, Float32Array.from({ length: count * each }, wave)];
        });
        const { samples: made } = await program.run(Object.fromEntries(numbers));
        return (made as Float32Array).slice();
      };
      const [one, many] = [await samples(1), await samples(5)];
      one.forEach((value, i) => {
        expect(value).toBeCloseTo(many[i]!, 5);
      });
    });
  },
);
