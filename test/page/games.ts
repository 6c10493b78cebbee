import { expect } from "vitest";
import { data, generate, type RunEvent, train, zoo } from "../../src/index.js";

/** The same games in Node and in a page: text, since a page cannot be sent functions. */
const games = {
  points: `{
    system: zoo.gan,
    data: data.ring({ count: 500 }),
    hyper: { latent: 4, width: 16, units: 8, pieces: 2, spread: 0.5, lr: 1, batch: 20, group: 20 },
    rounds: 8, seed: 3, samplesEvery: 4, sampleCount: 5,
  }`,
  // A software driver takes its time.
  few: `{
    system: zoo.gan,
    data: data.ring({ count: 500 }),
    hyper: { latent: 4, width: 16, units: 8, pieces: 2, spread: 0.5, lr: 1, batch: 20, group: 20 },
    rounds: 2, seed: 3, samplesEvery: 2, sampleCount: 5,
  }`,
  large: `{
    system: zoo.gan,
    data: data.ring({ count: 500 }),
    hyper: { latent: 8, width: 600, units: 240, pieces: 2, lr: 10, batch: 100, group: 100 },
    rounds: 3, seed: 3, samplesEvery: 2, sampleCount: 5,
  }`,
  pictures: `{
    system: zoo.r3gan,
    data: data.shapes({ count: 40, size: 16 }),
    hyper: { latent: 8, width: 8, batch: 8, group: 4 },
    rounds: 2, seed: 3, samplesEvery: 2, sampleCount: 4,
  }`,
} as const;

type Game = keyof typeof games;

/** What is compared: events, and samples of the exported model. */
export interface Outcome {
  readonly events: readonly RunEvent[];
  readonly generated: readonly number[];
  readonly model: number;
  readonly tensors: number;
}

const play = `async ({ data, generate, train, zoo }, options) => {
  const run = train(options);
  const events = [];
  for await (const event of run) events.push(event);
  const model = await run.generator();
  const tensors = await run.generator({ format: "safetensors" });
  const { items } = await generate(model, { count: 3, seed: 1 });
  const plain = (_, value) => (ArrayBuffer.isView(value) ? Array.from(value) : value);
  const outcome = { events, generated: items, model: model.length, tensors: tensors.length };
  return JSON.parse(JSON.stringify(outcome, plain));
}`;

export const script = (from: string, game: Game, more = "{}"): string => `
  import { data, generate, train, zoo } from ${JSON.stringify(from)};
  const play = ${play};
  const options = { ...${games[game]}, ...${more} };
  globalThis.play = () => play({ data, generate, train, zoo }, options);
  globalThis.play().then(
    (outcome) => { globalThis.outcome = outcome; },
    (error) => { globalThis.outcome = { error: String(error) }; },
  );
`;

export const html = (src: string): string =>
  `<!doctype html><link rel="icon" href="data:," /><script type="module" src="${src}"></script>`;

const inNode: Partial<Record<Game, Promise<Outcome>>> = {};

/** What Node's CPU says of a game. */
function expected(game: Game): Promise<Outcome> {
  // The text above is the test's own.
  inNode[game] ??= new Function(
    "library",
    `const { data, zoo } = library; return (${play})(library, { ...${games[game]}, folder: null });`,
  )({ data, generate, train, zoo }) as Promise<Outcome>;
  return inNode[game];
}

const roundsOf = ({ events }: Outcome) =>
  events.flatMap((event) => (event.type === "round" ? [{ ...event.terms, ...event.watches }] : []));

type Numbers = Readonly<Record<string, number>>;

function expectClose(got: Numbers, wanted: Numbers) {
  expect(Object.keys(got)).toEqual(Object.keys(wanted));
  for (const [name, value] of Object.entries(wanted)) {
    const apart = Math.abs(got[name]! - value) / Math.max(1, Math.abs(value));
    expect(apart, name).toBeLessThan(1e-4);
  }
}

const listed = (values: ArrayLike<number>): Numbers =>
  Object.fromEntries(Object.entries(Array.from(values)));

export async function expectAsInNode(outcome: Outcome, game: Game) {
  const wanted = await expected(game);
  const rounds = roundsOf(wanted);
  const [first, last] = [rounds[0]!, rounds.at(-1)!];
  const moved = Object.keys(first).map((name) => Math.abs(last[name]! - first[name]!));
  expect(Math.max(...moved)).toBeGreaterThan(0.01);
  const got = roundsOf(outcome);
  expect(got).toHaveLength(rounds.length);
  rounds.forEach((terms, i) => {
    expectClose(got[i]!, terms);
  });
  const told = ({ events }: Outcome) => events.map(({ type, round }) => `${type} ${round}`);
  expect(told(outcome)).toEqual(told(wanted));
  outcome.events.forEach((event, i) => {
    const other = wanted.events[i]!;
    if (event.type !== "samples" || other.type !== "samples") return;
    expect(event.items).toHaveLength(other.items.length);
    expectClose(listed(event.items), listed(other.items));
  });
  expectClose(listed(outcome.generated), listed(wanted.generated));
  expect(outcome.model).toBe(wanted.model);
  expect(outcome.tensors).toBe(wanted.tensors);
}

export const startedOf = ({ events }: Outcome) => events.find((event) => event.type === "started");
