// What tests look at.
export { belamy, pytorch, wordsOf } from "./child.mjs";
export { differences, firstRounds, tolerance } from "./first-rounds.mjs";
export { interleave, quantile, ratio, spread } from "./pairs.mjs";
export { digits, table } from "./text.mjs";
export { crowdOf, workloads } from "./workloads.mjs";
