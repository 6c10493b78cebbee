// The child's end of the protocol: lines of JSON both ways; numbers follow a line as bytes.
import { readFileSync } from "node:fs";

export function say(told) {
  process.stdout.write(`${JSON.stringify(told)}\n`);
}

/** What the other end asks for: `line()` is undefined at the end, `bytes(n)` waits for so many. */
export function asking(stream = process.stdin) {
  let held = Buffer.alloc(0);
  const chunks = stream[Symbol.asyncIterator]();
  const more = async () => {
    const { value, done } = await chunks.next();
    if (!done) held = Buffer.concat([held, value]);
    return !done;
  };
  return {
    async line() {
      let end = held.indexOf(10);
      while (end < 0) {
        if (!(await more())) return undefined;
        end = held.indexOf(10);
      }
      const text = held.subarray(0, end).toString();
      held = held.subarray(end + 1);
      return JSON.parse(text);
    },
    async bytes(count) {
      while (held.length < count) if (!(await more())) throw new Error("the other end has left");
      const found = held.subarray(0, count);
      held = held.subarray(count);
      return found;
    },
  };
}

/** Tensors that follow a line, by name. */
export async function tensorsOf(asked, from) {
  const tensors = new Map();
  for (const { name, shape } of asked.tensors) {
    const bytes = await from.bytes(4 * shape.reduce((n, d) => n * d, 1));
    tensors.set(name, { shape, data: new Float32Array(new Uint8Array(bytes).buffer) });
  }
  return tensors;
}

/** Bytes that this process had in memory at most; where nobody counts, as the runtime says. */
export function memory() {
  try {
    return 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]);
  } catch {
    return 1024 * process.resourceUsage().maxRSS;
  }
}
