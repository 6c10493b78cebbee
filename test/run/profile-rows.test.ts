import { expect, it } from "vitest";
import { operationOf } from "../../src/run/profile-operations.js";
import type { Recording, Span } from "../../src/run/profile-record.js";
import { profileOf } from "../../src/run/profile-rows.js";
import { chromeTrace } from "../../src/run/profile-trace.js";

const run = (start: number, duration: number): Span => ({
  ...{ kind: "run", program: "a", start, duration },
  kernels: [
    { start: start + 10, duration: 100, name: "D.real/convolutionWeightGradient 3.1", op: "Conv" },
    { start: start + 120, duration: 60, name: "D.real/convolutionWeightGradient 3.2", op: "Conv" },
    {
      start: start + 180,
      duration: 30,
      name: "D.real/convolutionWeightGradient 3",
      op: "Transpose",
    },
    { start: start + 210, duration: 20, name: "made-anew", op: "Strange" },
  ],
});

/** Two replicas, one round of a millisecond; the second replica comes later to both meetings. */
const recording: Recording = {
  ...{ system: "duel", data: "dots", batch: 8, device: "cpu", threads: 1, warmUp: 0 },
  programs: { a: { player: "D", products: { "D.real/convolutionWeightGradient 3": 40_000 } } },
  replicas: [
    [
      { kind: "round", start: 0, duration: 1000 },
      { kind: "meet", start: 0, duration: 50 },
      { kind: "deal", turn: "D 0", start: 50, duration: 100 },
      run(150, 300),
      { kind: "average", start: 450, duration: 200 },
    ],
    [
      { kind: "round", start: 0, duration: 1000 },
      { kind: "meet", start: 0, duration: 50 },
      { kind: "deal", turn: "D 0", start: 50, duration: 100 },
      run(150, 400),
      { kind: "average", start: 570, duration: 80 },
    ],
  ],
};

it("each moment is in one row, and a product counts once for all of its parts", () => {
  const { rows, roundMs } = profileOf(recording);
  expect(roundMs).toBe(1);
  const found = rows.map(({ player, term, operation, ms, calls, multiplyAdds }) =>
    [player, term, operation, Number(ms.toFixed(6)), calls, multiplyAdds].join(" | "),
  );
  expect(found.sort()).toEqual(
    [
      " |  | not explained | 0.36 | 1 | 0", // 350 and 370 µs
      " |  | waiting for replicas | 0.05 | 1 | 0",
      "D |  | dealing draws | 0.1 | 1 | 0",
      "D |  | between kernels | 0.14 | 1 | 0", // 90 and 190 µs
      "D |  | all-reduce | 0.08 | 1 | 0", // 80 and 80 µs
      "D |  | waiting for replicas | 0.06 | 1 | 0", // 120 and 0 µs
      "D | D.real | convolution, weight gradient | 0.16 | 2 | 40000",
      "D | D.real | transpose | 0.03 | 1 | 0",
      "D | D other | other kernel | 0.02 | 1 | 0",
    ].sort(),
  );
});

it("where kernels are not timed, sessions are, and their work is known", () => {
  const { rows, notes, kernels } = profileOf({ ...recording, device: "webgpu" });
  const sessions = rows.filter(({ operation }) => operation === "session");
  expect(sessions).toEqual([
    { player: "D", operation: "session", ms: 0.35, calls: 1, multiplyAdds: 40_000 },
  ]);
  expect(kernels).toEqual([]);
  expect(notes).toEqual([
    "webgpu: terms and operations are not told apart; kernels run there while the host goes on, which times nothing but whole sessions",
  ]);
});

it("a trace has what happened where it happened", () => {
  const [round, meet, turn, deal, session, conv] = chromeTrace(recording);
  const place = { ph: "X", pid: 1, tid: 0 };
  expect(round).toEqual({ ...place, name: "round 1", cat: "round", ts: 0, dur: 1000 });
  expect(meet).toEqual({ ...place, name: "meet", cat: "host", ts: 0, dur: 50 });
  expect(turn).toEqual({ ...place, name: "D turn", cat: "turn", ts: 50, dur: 600 });
  expect(deal).toEqual({ ...place, name: "deal draws", cat: "host", ts: 50, dur: 100 });
  expect(session).toEqual({ ...place, name: "D session", cat: "session", ts: 150, dur: 300 });
  expect(conv).toEqual({
    ...{ ...place, name: "D.real/convolutionWeightGradient 3.1", args: { op: "Conv" } },
    ...{ cat: "convolution, weight gradient", ts: 160, dur: 100 },
  });
});

it("kernels that outlast their session on another clock are cut to it", () => {
  const long = { start: 140, duration: 500, name: "D.real/exp 1", op: "Exp" };
  const [first, ...others] = recording.replicas[0]!;
  const spans = [first!, ...others].map(
    (span): Span => (span.kind === "run" ? { ...span, kernels: [long] } : span),
  );
  const event = chromeTrace({ ...recording, replicas: [spans] }).find(
    ({ args }) => args !== undefined,
  );
  expect(event).toMatchObject({ ts: 150, dur: 300 });
});

it.each([
  ["D.a/convolution 3", "FusedConv", "convolution"],
  ["D.a/convolutionInputGradient 3", "ConvTranspose", "convolution, input gradient"],
  ["D.a/convolutionInputGradient 3.2", "Gather", "copy"],
  ["D.a/convolutionWeightGradient 3", "Gemm", "convolution, weight gradient"],
  ["D.a/matmul 3", "FusedMatMul", "matrix product"],
  ["D.a/scatterAdd 3", "MatMul", "matrix product"],
  ["D.a/add 3", "QuickGelu", "elementwise and sums"],
  ["D.a/transpose 3", "ReorderInput", "transpose"],
  ["D update/add 3", "Add", "optimizer update"],
  ["D update/matmul 3", "MatMul", "optimizer update"],
  ["D.a/add 3", "NeverSeen", "other kernel"],
])("%s as %s is %s", (name, op, operation) => {
  expect(operationOf({ name, op, start: 0, duration: 1 })).toBe(operation);
});
