import { exportGenerator } from "../../run/export.js";
import { readRecord } from "../../run/folder.js";
import { findRun } from "../find-run.js";
import { systemNamed } from "../hyper-flags.js";
import { makesSomething } from "../makes.js";
import type { Reader } from "../reader.js";
import type { Terminal } from "../terminal/terminal.js";

export async function exportCommand(reader: Reader, terminal: Terminal): Promise<number> {
  const [wanted] = reader.operands("RUN");
  const format = reader.word("format", ["onnx", "safetensors"]) ?? "onnx";
  const out = reader.text("out");
  reader.finish();
  const folder = findRun(wanted, makesSomething);
  const system = systemNamed(readRecord(folder).system, reader, folder);
  reader.finish();
  const file = await exportGenerator(folder, {
    system: system!,
    format,
    ...(out === undefined ? {} : { file: out }),
  });
  const checked = format === "onnx" ? ": ran it, and it makes the same samples to 1e-4" : "";
  terminal.write(`${file}${checked}\n`);
  return 0;
}
