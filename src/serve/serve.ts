import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import type { Context } from "hono";
import { ownVersion } from "../run/record.js";
import { toldBy } from "../run/sampler.js";
import { fingerprint } from "../runtime/fingerprint.js";
import { ConfigurationError } from "../shape/error.js";
import { serveApp } from "./app.js";
import { Maker } from "./maker.js";
import { RateLimit } from "./rate.js";

/** How a generator is served; everything has a default. */
export interface ServeOptions {
  /** What errors and pages call it. */
  readonly name?: string;
  /** 0, the default, for any that is free. */
  readonly port?: number;
  /** The address it listens at: 127.0.0.1, which is this machine alone. */
  readonly host?: string;
  /** Requests a second that one address may make, in the long run; 20 by default. */
  readonly rate?: number;
  /** How far from the middle of all latents pictures are by default: 1 is everywhere. */
  readonly truncation?: number;
  /** Pictures that are made together. */
  readonly batch?: number;
}

/** A generator that is served. */
export interface Served {
  readonly url: string;
  readonly port: number;
  /** Takes no more requests; ends when those that came are answered. */
  close(): Promise<void>;
}

/**
 * Serves pictures of an exported generator: a page with a fresh one at each visit, permanent
 * addresses by seed, a JSON interface, and counts for Prometheus. A picture is a function of its
 * address alone, byte by byte, and its file says that it is synthetic, by which model and seed.
 *
 * @throws {DataError} when the bytes are no generator that Belamy exported.
 * @throws {ConfigurationError} when the port is taken.
 *
 * @example
 * const hyper = { batch: 4, group: 4, width: 4 };
 * const shapes = data.shapes({ count: 8, size: 16 });
 * const run = train({ system: zoo.dcgan, data: shapes, hyper, rounds: 1, folder: null });
 * await run.finish();
 * const served = await serve(await run.generator());
 * const { headers } = await fetch(`${served.url}picture.png?seed=7`);
 * headers.get("x-seed"); // → "7"
 * await served.close();
 */
export async function serve(model: Uint8Array, options: ServeOptions = {}): Promise<Served> {
  const { name = "model", port = 0, host = "127.0.0.1", batch = 8 } = options;
  const { data = name, system } = toldBy(model);
  const provenance = {
    title: system === undefined ? name : `${system} on ${data.split(" ")[0]}`,
    model: fingerprint(model),
    version: ownVersion(),
  };
  const maker = await Maker.start({ model, name, batch, provenance });
  let isClosing = false;
  const app = serveApp({
    ...{ maker, provenance, addressOf, truncation: options.truncation ?? 1 },
    rate: new RateLimit(options.rate ?? 20),
    isClosing: () => isClosing,
  });
  // Without TLS it is one of node:http.
  const server = createAdaptorServer({
    fetch: app.fetch,
    overrideGlobalObjects: false,
    serverOptions: { maxHeaderSize: 16 * 1024, headersTimeout: 10_000, requestTimeout: 30_000 },
  }) as Server;
  await listen(server, { port, host }).catch(async (error: unknown) => {
    await maker.close();
    throw error;
  });
  const bound = (server.address() as AddressInfo).port; // it listens on one
  const close = async (): Promise<void> => {
    isClosing = true;
    const ended = new Promise<void>((done) => server.close(() => done()));
    server.closeIdleConnections();
    await ended;
    await maker.close();
  };
  let closing: Promise<void> | undefined;
  return {
    ...{ port: bound, url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}/` },
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

/** The address of whoever asks. */
function addressOf(context: Context): string {
  const { incoming } = context.env as { readonly incoming?: IncomingMessage }; // of the adaptor
  return incoming?.socket.remoteAddress ?? "unknown";
}

async function listen(
  server: Server,
  { port, host }: { readonly port: number; readonly host: string },
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => {
      const taken = "code" in error && error.code === "EADDRINUSE";
      const hint = "name another with --port, or leave it out";
      reject(taken ? new ConfigurationError({ op: `port ${port}`, why: "is taken", hint }) : error);
    });
    server.listen(port, host, resolve);
  });
}
