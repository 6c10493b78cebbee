import type { GivenPictures } from "../data/dataset.js";
import { checkNoneMissing } from "../data/table/missing.js";
import type { DataDescription, Draw, GivenDescription } from "../game/draws.js";
import type { Budget } from "../game/pace.js";
import type { Plan } from "../game/plan.js";
import type { Asks } from "../game/play.js";
import type { Values } from "../game/system.js";
import { checkDevice } from "../runtime/device.js";
import { ConfigurationError, type Operand } from "../shape/error.js";
import { formatShape, sameShape, sizeOf } from "../shape/shape.js";
import type { TrainOptions } from "./options.js";

/** What a run is asked for wherever it is played: no folder, no checkpoint of another. */
export type Asked = Omit<TrainOptions, "folder" | "resume" | "branch">;

/** Finds what is wrong before anything is made. */
export function checkAsked(options: Asked): void {
  const { data, heldOut, device } = options;
  checkNumbers(options);
  if (data.count < 1) {
    throw new ConfigurationError({ op: "data", why: `${data.name} has no items` });
  }
  if (heldOut !== undefined && !sameShape(heldOut.shape, data.shape)) {
    const operands = [data, heldOut].map(({ name, shape }) => {
      return { label: name, value: formatShape(shape) };
    });
    throw new ConfigurationError({ op: "heldOut", why: "has another shape than data", operands });
  }
  if (device !== undefined && device !== "auto") checkDevice(device);
}

/** What a system may know of a data set. */
export const descriptionOf = ({ data }: Pick<Asked, "data">): DataDescription => ({
  kind: data.kind,
  shape: data.shape,
  classes: data.classes.length,
  count: data.count,
  ...(data.columns === undefined ? {} : { columns: data.columns }),
  ...(data.legend === undefined ? {} : { legend: data.legend }),
  ...(data.given === undefined ? {} : { given: givenOf(data.given) }),
});

const givenOf = ({ shape, legend }: GivenPictures): GivenDescription => ({
  shape,
  ...(legend === undefined ? {} : { legend }),
});

const dataDraws = new Set<Draw["kind"]>(["items", "given", "present", "all"]);

/**
 * Stops a game that would draw from data without numbers, or never look at data that it is given;
 * that asks for given pictures where there are none; and one that does not ask which values are
 * there, when some are missing.
 */
export function checkDrawn({ data, system }: Asked, { draws }: Pick<Plan, "draws">): void {
  const kinds = new Set(Object.values(draws).map(({ kind }) => kind));
  const isEmpty = sizeOf(data.shape) === 0;
  const isDrawn = [...kinds].some((kind) => dataDraws.has(kind));
  if (isEmpty && isDrawn) {
    const why = `draws from data, and ${data.name} has no numbers`;
    throw new ConfigurationError({ op: system.name, why, hint: "name data, such as ring" });
  }
  if (!isEmpty && !isDrawn && system.data === "nothing") {
    const why = `has a world of its own, and never looks at ${data.name}`;
    throw new ConfigurationError({ op: system.name, why, hint: "leave the data out" });
  }
  if (kinds.has("given") && data.given === undefined) {
    const hint = "say what belongs to each picture: --given edges, or a folder of others";
    throw new ConfigurationError({
      ...{ op: system.name, why: `makes pictures from pictures; ${data.name} has no others` },
      hint,
    });
  }
  if (kinds.has("present")) return;
  checkNoneMissing(data, { system: system.name });
}

/** As many rounds as a system wants by itself. */
export const roundsOf = (values: Values): Budget => ({
  kind: "rounds",
  rounds: Number(values.rounds),
});

/** How long a run is: what was asked for, or else as long as usual. */
export function budgetOf({ rounds, minutes }: Asked, usual: Budget): Budget {
  if (minutes !== undefined) return { kind: "minutes", minutes };
  return rounds === undefined ? usual : { kind: "rounds", rounds };
}

/** What replica 0 is to do beside playing. */
export function asksOf(options: Asked): Asks {
  const { samplesEvery, sampleCount = 64, checkpointEvery } = options;
  const { judge, judgeCount = 1000, judgeEvery: every } = options;
  const judged = { count: judgeCount, ...(every === undefined ? {} : { every }) };
  return {
    sampleCount,
    ...(samplesEvery === undefined ? {} : { samplesEvery }),
    ...(checkpointEvery === undefined ? {} : { checkpointEvery }),
    ...(judge === undefined ? {} : { judged }),
  };
}

function checkNumbers(options: Asked): void {
  const { rounds, minutes, seed, replicas, judgeCount, judgeEvery } = options;
  const { checkpointEvery, samplesEvery, sampleCount } = options;
  if (rounds !== undefined && minutes !== undefined) {
    const hint = "give one of them";
    throw new ConfigurationError({ op: "train", why: "both rounds and minutes are given", hint });
  }
  const counts = { rounds, replicas, checkpointEvery, samplesEvery, sampleCount };
  const mistakes: Operand[] = [];
  const check = (label: string, value: number | undefined, least: number): void => {
    if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return;
    mistakes.push({ label, value: `expected a whole number ≥ ${least}, received ${value}` });
  };
  for (const [label, value] of Object.entries({ ...counts, judgeCount, judgeEvery })) {
    check(label, value, 1);
  }
  check("seed", seed, 0);
  if (minutes !== undefined && !(minutes > 0 && Number.isFinite(minutes))) {
    mistakes.push({ label: "minutes", value: `expected a number > 0, received ${minutes}` });
  }
  const [first, ...operands] = mistakes;
  if (first === undefined) return;
  throw new ConfigurationError({ op: first.label, why: String(first.value), operands });
}
