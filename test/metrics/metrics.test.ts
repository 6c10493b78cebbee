import { describe, expect, it } from "vitest";
import { randomFeatures } from "../../src/metrics/features.js";
import { judge } from "../../src/metrics/judge.js";
import { Random } from "../../src/shape/random.js";

describe("judge", () => {
  const shape = [3, 16, 16] as const;
  const pictures = (n: number, brightness: number, purpose: string): Uint8Array => {
    const random = new Random({ seed: 1, purpose });
    return Uint8Array.from({ length: n * 768 }, () =>
      Math.max(0, Math.min(255, brightness + 30 * random.normal())),
    );
  };
  const asFloats = (bytes: Uint8Array): Float32Array =>
    Float32Array.from(bytes, (v) => v / 127.5 - 1);

  it("ranks pictures: like the data, then a little darker, then much darker", async () => {
    const data = {
      kind: "pictures",
      shape,
      count: 256,
      items: pictures(256, 160, "real"),
      modes: undefined,
    } as const;
    const score = async (brightness: number): Promise<number> => {
      const [first] = await judge(asFloats(pictures(256, brightness, "fake")), data);
      return first!.value;
    };
    const [same, darker, dark] = [await score(160), await score(140), await score(80)];
    expect(same).toBeLessThan(darker / 2);
    expect(darker).toBeLessThan(dark / 2);
  });

  it("names its features and their hash, which stay the same", async () => {
    const features = await randomFeatures(shape);
    expect(features.name).toBe("random-conv-304");
    expect(features.hash).toMatchInlineSnapshot(
      `"1dbcd99cff8231a64a447a4641cf4276cd31d5db640f1b35c7fb0c6c95dc2879"`,
    );
    const rows = await features.extract(asFloats(pictures(70, 100, "rows")));
    expect(rows.length).toBe(70 * 304);
    await features.release();
  });
});
