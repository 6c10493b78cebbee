import { type DataDescription, type Draw, sourceOf } from "../game/draws.js";
import { type System, settleFor, type Values } from "../game/system.js";
import { traceTerms } from "../game/trace.js";
import { ownDescription } from "../run/usual.js";
import { ConfigurationError, closest } from "../shape/error.js";
import { zoo } from "../zoo/index.js";
import type { RunSummary, SystemInfo } from "./api.js";

const systems: Readonly<Record<string, System>> = zoo;

/** A system by its name. */
export function systemNamed(name: string): System {
  const system = Object.hasOwn(systems, name) ? systems[name] : undefined;
  if (system !== undefined) return system;
  const near = closest(name, Object.keys(systems));
  const hint = near === undefined ? Object.keys(systems).join(", ") : `did you mean ${near}?`;
  throw new ConfigurationError({ op: "system", why: `no such system, ${name}`, hint });
}

/** Whether a system makes samples and judges items; of one that is not ours nobody knows, and most do. */
export function abilitiesOf(name: string): Pick<RunSummary, "makes" | "judges"> {
  const system = Object.hasOwn(systems, name) ? systems[name] : undefined;
  if (system === undefined) return { makes: true, judges: true };
  return { makes: system.samples !== undefined, judges: system.verdict !== undefined };
}

const typical = {
  pictures: { kind: "pictures", shape: [3, 32, 32], classes: 10, count: 10_000 },
  points: { kind: "points", shape: [2], classes: 8, count: 100_000 },
} as const satisfies Record<string, DataDescription>;

let told: readonly SystemInfo[] | undefined;

/** All systems with what there is to choose; they stay as they are. */
export function allSystems(): readonly SystemInfo[] {
  told ??= Object.values(systems).map(infoOf);
  return told;
}

function infoOf(system: System): SystemInfo {
  const { name, cite, equations, departs, hyper } = system;
  const takes = (["points", "pictures"] as const).filter((kind) => plays(system, typical[kind]));
  const data = ownDescription(system) ?? typical[takes.at(-1) ?? "pictures"];
  return {
    ...{ name, cite, equations, departs, takes, data: system.data ?? null },
    hyper: Object.entries(hyper).map(([key, parameter]) => ({ name: key, ...parameter })),
    suits: {
      pictures: changesFor(system, typical.pictures),
      points: changesFor(system, typical.points),
    },
    players: Object.entries(traceTerms(system, { hyper: settleFor(system, data), data })).map(
      ([player, terms]) => ({
        name: player,
        terms: terms.map((term) => `${player}.${term}`),
      }),
    ),
  };
}

/** Defaults that are others for such data. */
function changesFor(system: System, data: DataDescription): Values {
  const changed = Object.entries(settleFor(system, data)).filter(
    ([name, value]) => system.hyper[name]?.value !== value,
  );
  return Object.fromEntries(changed);
}

const dataDraws = new Set<Draw["kind"]>([
  "items",
  "labels",
  "given",
  "present",
  "all",
  "all labels",
  "some items",
  "some labels",
]);

/** Whether a system plays on data of this kind, of many classes or of two. */
const plays = (system: System, data: DataDescription): boolean =>
  [data, { ...data, classes: 2 }].some((description) => {
    try {
      const hyper = settleFor(system, description);
      system.networks(hyper, description);
      const draws = Object.values(system.chance(hyper, sourceOf(description)));
      // Who makes pictures from pictures is played on its own data, where each has another.
      if (draws.some(({ kind }) => kind === "given")) return false;
      // Players in worlds of their own see nothing of any data.
      return draws.some(({ kind }) => dataDraws.has(kind));
    } catch {
      return false;
    }
  });
