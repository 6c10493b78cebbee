import { expect, it } from "vitest";
import { scenes } from "../../src/data/scenes.js";
import { receiveItems, shareItems } from "../../src/run/share.js";
import { readItems } from "../../src/shape/items.js";

it("what is given of each item goes to other threads with it", () => {
  const data = scenes({ count: 2 });
  const { items, given, count } = receiveItems(structuredClone(shareItems(data)));
  expect(count).toBe(2);
  const { shape } = data;
  expect(readItems({ items, shape }, [1])).toEqual(readItems(data, [1]));
  expect(readItems({ items: given!.items!, shape }, [1])).toEqual(readItems(data.given!, [1]));
  expect(readItems({ items: given!.items!, shape }, [1])).not.toEqual(readItems(data, [1]));
});
