import { toldBy } from "../../run/sampler.js";
import { type ServeOptions, serve } from "../../serve/serve.js";
import { findRun } from "../find-run.js";
import { readModel } from "../generator.js";
import { onInterrupt } from "../interrupt.js";
import { generatorIn, makesByChance } from "../makes.js";
import type { Reader } from "../reader.js";
import { inkOf, type Terminal } from "../terminal/terminal.js";

export async function serveCommand(reader: Reader, terminal: Terminal): Promise<number> {
  const [wanted] = reader.operands("RUN");
  const port = reader.whole("port", { minimum: 0 });
  const host = reader.text("host");
  const rate = reader.amount("rate");
  const truncation = reader.amount("truncation");
  if (port !== undefined && port > 65_535) {
    reader.problem("--port", `expected a whole number up to 65535, received ${port}`);
  }
  if (truncation !== undefined && truncation > 1) {
    reader.problem("--truncation", `expected a number from 0 to 1, received ${truncation}`);
  }
  reader.finish();
  const path = wanted?.endsWith(".onnx")
    ? wanted
    : generatorIn(findRun(wanted, makesByChance), "serve");
  const options: ServeOptions = {
    name: path,
    port: port ?? 4680,
    ...(host === undefined ? {} : { host }),
    ...(rate === undefined ? {} : { rate }),
    ...(truncation === undefined ? {} : { truncation }),
  };
  const model = readModel(path);
  const served = await serve(model, options);
  const closed = new Promise<void>((resolve) => {
    const release = onInterrupt({
      terminal,
      stop: () => {
        terminal.complain("answering those who have asked; Ctrl-C again quits at once\n");
        void served.close().finally(() => {
          release();
          resolve();
        });
      },
    });
  });
  if (reader.is("json")) {
    terminal.write(`${JSON.stringify({ url: served.url, port: served.port, model: path })}\n`);
  } else {
    const { bold, dim } = inkOf(terminal);
    const here = host === undefined ? "for this machine alone; " : "";
    terminal.write(`${bold("serving")}  ${served.url}\n`);
    terminal.write(dim(`${toldBy(model).system ?? path}; ${here}Ctrl-C closes it\n`));
  }
  await closed;
  return 0;
}
