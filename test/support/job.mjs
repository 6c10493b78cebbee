/**
 * Runs jobs on one device with the built library; a child process of Node and a page import it, so
 * it is plain JavaScript, and numbers travel as base64.
 */
const kinds = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };

const bytesOf = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const textOf = (array) => {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  let text = "";
  for (let i = 0; i < bytes.length; i += 32768) {
    text += String.fromCharCode(...bytes.subarray(i, i + 32768));
  }
  return btoa(text);
};
const arrayOf = ({ type, data }) => new kinds[type](bytesOf(data).buffer);

/** `weigh` says how much the device holds, in bytes or buffers; it is asked early and at the end. */
export async function runJobs({ Memory, device, threads, jobs, weigh }) {
  const results = [];
  for (const job of jobs) {
    const memory = new Memory({ device, threads });
    try {
      results.push({ name: job.name, ...(await runJob(memory, job, weigh)) });
    } catch (error) {
      results.push({ name: job.name, error: String(error?.message ?? error) });
    } finally {
      await memory.release();
    }
  }
  return results;
}

async function runJob(memory, { program, cells, feeds, runs }, weigh) {
  for (const { port, data } of cells) memory.put(port, arrayOf({ type: port.type, data }));
  const loaded = await memory.load({ ...program, model: bytesOf(program.model) });
  const given = Object.fromEntries(
    program.feeds.map((port) => [port.name, arrayOf({ type: port.type, data: feeds[port.name] })]),
  );
  const first = await snapshot(memory, cells, await loaded.run(given));
  if (runs === 1) return { first, last: first, growth: 0 };
  let outputs = {};
  let early = 0;
  for (let i = 1; i < runs; i++) {
    outputs = await loaded.run(given);
    if (i === Math.floor(runs / 4)) early = await weigh();
  }
  const growth = (await weigh()) - early;
  return { first, last: await snapshot(memory, cells, outputs), growth };
}

async function snapshot(memory, cells, outputs) {
  const found = {};
  const locations = {};
  for (const { port } of cells) {
    locations[port.name] = memory.cells.get(port.name).current.location;
    found[port.name] = textOf(await memory.get(port.name));
  }
  const entries = Object.entries(outputs).map(([name, array]) => [name, textOf(array)]);
  return { outputs: Object.fromEntries(entries), cells: found, locations };
}
