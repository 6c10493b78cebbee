import { describe, expect, it } from "vitest";
import { chooseDevice, timeProduct } from "../../src/runtime/choose.js";

/** Each look at this clock is a millisecond later. */
function steadyClock(): () => number {
  let now = 0;
  return () => now++;
}

describe("the device", () => {
  it("is the CPU in Node unless something was measured", async () => {
    expect(await chooseDevice("auto")).toBe("cpu");
    expect(await chooseDevice("webgpu")).toBe("webgpu");
  });

  it("is timed on one product of matrices", async () => {
    expect(await timeProduct("cpu", steadyClock())).toBe(1);
  });

  it("that is not there takes forever", async () => {
    expect(await timeProduct("wasm", steadyClock())).toBe(Number.POSITIVE_INFINITY);
  });
});
