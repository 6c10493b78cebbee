import { describe, expect, test } from "vitest";
import { axes } from "../../src/shape/axes.js";
import {
  BelamyError,
  ConfigurationError,
  closest,
  DataError,
  locate,
  ShapeError,
} from "../../src/shape/error.js";
import {
  broadcastShape,
  formatShape,
  normalAxis,
  sameShape,
  sizeOf,
  stridesOf,
} from "../../src/shape/shape.js";
import { allocate } from "../../src/shape/type.js";

const caught = (action: () => unknown): BelamyError => {
  try {
    action();
  } catch (error) {
    if (error instanceof BelamyError) return error;
  }
  throw new Error("no error of Belamy's");
};

describe("shapes", () => {
  test("sizes, strides and text", () => {
    expect(sizeOf([])).toBe(1);
    expect(sizeOf([2, 3, 4])).toBe(24);
    expect(stridesOf([2, 3, 4])).toEqual([12, 4, 1]);
    expect(formatShape([64, 100])).toBe("[64 100]");
    expect(sameShape([2], [2, 1])).toBe(false);
    expect(sameShape([2, 1], [2, 1])).toBe(true);
  });

  test("NumPy's broadcasting", () => {
    expect(broadcastShape([3], [2, 1])).toEqual([2, 3]);
    expect(broadcastShape([], [4, 5])).toEqual([4, 5]);
    expect(broadcastShape([8, 1, 6, 1], [7, 1, 5])).toEqual([8, 7, 6, 5]);
    expect(broadcastShape([2, 3], [2, 4])).toBeUndefined();
  });

  test("axes counted from the end", () => {
    expect(normalAxis(-1, 3)).toBe(2);
    expect(normalAxis(-3, 3)).toBe(0);
    expect(normalAxis(3, 3)).toBeUndefined();
    expect(normalAxis(-4, 3)).toBeUndefined();
    expect(normalAxis(0.5, 3)).toBeUndefined();
  });

  test("arrays for types", () => {
    expect(allocate("float32", 2)).toEqual(new Float32Array(2));
    expect(allocate("int32", 2)).toEqual(new Int32Array(2));
    expect(allocate("bool", 2)).toEqual(new Uint8Array(2));
  });
});

describe("axes", () => {
  test("names sizes", () => {
    expect(axes([64, 3, 32, 16], "b 3 h w")).toEqual({ b: 64, h: 32, w: 16 });
    expect(axes({ shape: [64, 3] }, "b _")).toEqual({ b: 64 });
    expect(axes([5, 5], "n n")).toEqual({ n: 5 });
  });

  test("the types know the names, and only those", () => {
    const { b, c }: { b: number; c: number } = axes([2, 3, 8, 8], "b c _ _");
    expect([b, c]).toEqual([2, 3]);
    // @ts-expect-error "h" is not in the specification
    expect(axes([2, 3, 8, 8], "b c _ _").h).toBeUndefined();
    // @ts-expect-error a size has no name
    expect(axes([2, 3], "b 3")[3]).toBeUndefined();
    // @ts-expect-error nor has an axis that is ignored
    expect(axes([2, 3], "b _")._).toBeUndefined();
    const sizes = axes([2], "b");
    expect(() => {
      // @ts-expect-error sizes are read-only
      sizes.b = 3;
    }).not.toThrow();
  });

  test("errors say which axis", () => {
    expect(caught(() => axes([2, 4, 8, 8], "b 3 h w")).message).toBe(
      "axes: axis 1 must be 3, is 4\n  got  [2 4 8 8]  b 3 h w",
    );
    expect(caught(() => axes([5, 6], "n n")).message).toBe(
      "axes: axis 1 (n) must be 5, is 6\n  got  [5 6]  n n",
    );
    expect(caught(() => axes([5], "b c")).message).toBe(
      "axes: needs 2 axes, has 1\n  got  [5]  b c",
    );
  });
});

describe("errors", () => {
  test("are data first, text second", () => {
    const facts = {
      op: "matmul",
      why: "inner sizes differ, 100 ≠ 128",
      operands: [
        { label: "left", value: [64, 100], axes: "m k" },
        { label: "right", value: [128, 512], axes: "k n" },
      ],
    };
    const error = new ShapeError(facts).within("linear 1 #3").within("D").within("dcgan");
    expect(error.facts).toEqual({ ...facts, where: ["dcgan", "D", "linear 1 #3"] });
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toBe(
      [
        "matmul: inner sizes differ, 100 ≠ 128",
        "  left   [64 100]   m k",
        "  right  [128 512]  k n",
        "  in     dcgan › D › linear 1 #3",
      ].join("\n"),
    );
    expect(`${error}`).toBe(`ShapeError: ${error.message}`);
  });

  test("end with one hint", () => {
    const error = new ShapeError({
      op: "linear",
      why: "needs one axis besides the batch",
      operands: [{ label: "input", value: [3, 8, 8] }],
      where: ["wgan-gp", "D", "linear 64 #0"],
      hint: "put flatten before it",
    });
    expect(error.message).toBe(
      [
        "linear: needs one axis besides the batch",
        "  input  [3 8 8]",
        "  in     wgan-gp › D › linear 64 #0",
        "  hint   put flatten before it",
      ].join("\n"),
    );
  });

  test("get their place on the way out, whatever their kind", () => {
    for (const Kind of [ShapeError, ConfigurationError, DataError]) {
      const error = caught(() =>
        locate("outer", () =>
          locate("inner", () => {
            throw new Kind({ op: "x", why: "is wrong" });
          }),
        ),
      );
      expect(error).toBeInstanceOf(Kind);
      expect(error.name).toBe(Kind.name);
      expect(error.message).toBe("x: is wrong\n  in  outer › inner");
    }
    expect(locate("place", () => 3)).toBe(3);
    const other = new RangeError("not ours");
    expect(() =>
      locate("place", () => {
        throw other;
      }),
    ).toThrow(other);
  });

  test("suggest what was meant, and only that", () => {
    expect(closest("lamda", ["lambda", "gamma", "lr"])).toBe("lambda");
    expect(closest("dcgna", ["wgan-gp", "dcgan", "gan"])).toBe("dcgan");
    expect(closest("GAMMA", ["gamma"])).toBe("gamma");
    expect(closest("beta", ["lambda", "latent"])).toBeUndefined();
    expect(closest("x", [])).toBeUndefined();
  });
});
