// What both engines share: shapes of parameters under Belamy's names, chance, and the protocol.
import { asking, memory, say, tensorsOf } from "../../lines.mjs";

export const spec = JSON.parse(process.argv[2]);
const { hyper, shape, batch, count, horizon } = spec;

/** Every parameter, in Belamy's layout, and how it begins. */
export function parameters() {
  const list = [];
  const add = (name, ...size) => list.push({ name, shape: size, mean: 0 });
  if (spec.system === "gan") {
    const units = hyper.units * hyper.pieces;
    const linear = (name, from, to) => {
      add(`${name}.weight`, from, to);
      add(`${name}.bias`, to);
    };
    linear("G.0", hyper.latent, hyper.width);
    linear("G.2", hyper.width, hyper.width);
    linear("G.4", hyper.width, shape[0]);
    linear("D.1", shape[0], units);
    linear("D.2", hyper.units, units);
    linear("D.3", hyper.units, 1);
    return list;
  }
  const norm = (name, channels) => {
    list.push({ name: `${name}.scale`, shape: [channels], mean: 1 });
    add(`${name}.shift`, channels);
  };
  const { widths, side } = pyramid();
  const deepest = widths.at(-1);
  add("G.0.weight", hyper.latent, deepest * side * side);
  norm("G.2", deepest);
  const ups = [...widths.slice(0, -1).reverse(), shape[0]];
  ups.forEach((out, k) => {
    add(`G.${4 + 3 * k}.weight`, k === 0 ? deepest : ups[k - 1], out, 4, 4);
    if (k < ups.length - 1) norm(`G.${5 + 3 * k}`, out);
  });
  add(`G.${1 + 3 * ups.length}.bias`, shape[0]);
  widths.forEach((out, k) => {
    const at = k === 0 ? 0 : 3 * k - 1;
    add(`D.${at}.weight`, out, k === 0 ? shape[0] : widths[k - 1], 4, 4);
    if (k > 0) norm(`D.${at + 1}`, out);
  });
  add(`D.${3 * widths.length}.weight`, deepest * side * side, 1);
  add(`D.${3 * widths.length}.bias`, 1);
  return list;
}

/** Channels from large to small pictures, and the smallest side. */
export function pyramid() {
  const widths = [];
  let side = shape[1];
  while (side % 2 === 0 && side / 2 >= 4) {
    side /= 2;
    widths.push(hyper.width * 2 ** widths.length);
  }
  return { widths, side };
}

function normal() {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}

const sizeOf = (sizes) => sizes.reduce((n, d) => n * d, 1);
const each = sizeOf(shape);
const data =
  shape.length === 1
    ? Float32Array.from({ length: count * each }, normal)
    : Uint8Array.from({ length: count * each }, () => 256 * Math.random());

/** One batch by chance, as plain numbers. */
function deal(_player, names) {
  const drawn = {};
  for (const name of names) {
    if (name === "x") {
      const x = new Float32Array(batch * each);
      for (let i = 0; i < batch; i++) {
        const from = each * Math.floor(Math.random() * count);
        for (let k = 0; k < each; k++) {
          const value = data[from + k];
          x[i * each + k] = shape.length === 1 ? value : value / 127.5 - 1;
        }
      }
      drawn.x = { shape: [batch, ...shape], data: x };
    } else {
      const next =
        spec.system === "gan" ? () => Math.sqrt(3) * (2 * Math.random() - 1) : () => normal();
      const z = Float32Array.from({ length: batch * hyper.latent }, next);
      drawn.z = { shape: [batch, hyper.latent], data: z };
    }
  }
  return drawn;
}

/** A line between two values. */
export const line = (from, to, progress) => from + (to - from) * progress;

/**
 * Plays for the harness. An engine has `set(name, tensor)`, `get(name)`, and `round(deal, progress)`
 * that gives the terms of every move.
 */
export async function serve(engine, about) {
  for (const { name, shape: size, mean } of parameters()) {
    const values = Float32Array.from({ length: sizeOf(size) }, () => mean + 0.03 * normal());
    await engine.set(name, { shape: size, data: values });
  }
  let played = 0;
  const play = async (rounds) => {
    const start = performance.now();
    for (let i = 0; i < rounds; i++) await engine.round(deal, Math.min(1, played++ / horizon));
    return performance.now() - start;
  };
  if (!spec.check) await play(1);
  say({ say: "ready", about });
  const asks = asking();
  for (;;) {
    const asked = await asks.line();
    if (asked === undefined || asked.ask === "leave") break;
    if (asked.ask === "check") say(await check(engine, asked, await tensorsOf(asked, asks)));
    else say({ say: "done", rounds: asked.rounds, ms: await play(asked.rounds), memory: memory() });
  }
  process.exit();
}

async function check(engine, { rounds }, tensors) {
  const names = parameters().map(({ name }) => name);
  for (const name of names) await engine.set(name, tensors.get(name));
  const moves = {};
  const given = (player, wanted) => {
    moves[player] = (moves[player] ?? -1) + 1;
    return Object.fromEntries(
      wanted.map((name) => [name, tensors.get(`draw ${moves[player]}.${player}.${name}`)]),
    );
  };
  const terms = [];
  for (let r = 0; r < rounds; r++) terms.push(...(await engine.round(given, r / horizon)));
  const moved = { G: 0, D: 0 };
  for (const name of names) {
    const now = await engine.get(name);
    const before = tensors.get(name).data;
    for (let i = 0; i < now.length; i++) moved[name[0]] += (now[i] - before[i]) ** 2;
  }
  return { say: "checked", terms, moved: { G: Math.sqrt(moved.G), D: Math.sqrt(moved.D) } };
}

/** Ends with a reason that the harness can print. */
export async function orSay(action) {
  try {
    await action();
  } catch (error) {
    say({ say: "cannot", why: error.message.split("\n")[0] });
    process.exit();
  }
}
