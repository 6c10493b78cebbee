import { expect, it } from "vitest";
import { devices, furthest, type Job, type Result } from "../support/devices.js";
import { goldenCells, goldenFeeds, goldenGames, wholeTurn } from "./golden.js";

/** The first turn of each player of each golden game: losses, penalties, gradients, Adam, averages. */
const jobs: readonly Job[] = goldenGames
  // LSGAN's graphs are DCGAN's but for the loss, and a software driver takes seconds for each.
  .filter(({ system }) => system.name !== "lsgan")
  .flatMap(({ plan }) =>
    plan.turns.map(({ player }): Job => {
      const program = wholeTurn(plan, player);
      const start = goldenCells(plan);
      const used = new Set([...program.reads, ...program.writes.map((w) => w.cell)]);
      const cells = plan.cells
        .filter(({ name }) => used.has(name))
        .map(({ name, shape }) => ({ name, shape, type: "float32" as const, data: start[name]! }));
      const feeds = goldenFeeds(plan, player, 0);
      const fed = Object.fromEntries(program.feeds.map(({ name }) => [name, feeds[name]!]));
      return { name: `${plan.system} ${player}`, program, cells, feeds: fed, runs: 1 };
    }),
  );

const onCpu: Promise<readonly Result[]> = devices.find((d) => d.name === "cpu in Node")!.run(jobs);

/** A software driver compiles every shader of every graph. */
const timeout = 240_000;

it.each(devices.map((device) => ({ device, name: device.name })))(
  "$name makes the same training steps as the CPU, to 1e-4 relative",
  async ({ device }) => {
    if (device.missing !== undefined) {
      console.warn(`skipped on ${device.name}: ${device.missing}`);
      expect(process.env.CI, `${device.name}: ${device.missing}`).toBeUndefined();
      return;
    }
    const expected = await onCpu;
    const results = await device.run(jobs);
    expect(results.map((r) => r.error)).toEqual(jobs.map(() => undefined));
    results.forEach((result, i) => {
      const job = jobs[i]!;
      const before = Object.fromEntries(job.cells.map(({ name, data }) => [name, data]));
      const wanted = expected[i]!.last;
      expect(furthest(result.last.outputs.report!, wanted.outputs.report!, 0)).toBeLessThan(1e-4);
      for (const { cell } of job.program.writes) {
        const numbers = result.last.cells[cell]!;
        const apart = furthest(numbers, wanted.cells[cell]!, 0);
        expect(apart, `${job.name} ${cell}`).toBeLessThan(1e-4);
      }
      const moved = job.program.writes.filter(({ cell }) =>
        Array.from(wanted.cells[cell]!).some((v, k) => v !== before[cell]![k]),
      );
      expect(moved.length).toBeGreaterThan(job.program.writes.length / 2);
    });
  },
  timeout,
);
