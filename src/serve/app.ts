import { randomInt } from "node:crypto";
import { type Context, Hono } from "hono";
import { apiError, Refusal } from "../server/problem.js";
import { ConfigurationError } from "../shape/error.js";
import { Counts } from "./counts.js";
import { Busy, type Maker, type Order, type Provenance } from "./maker.js";
import { openApiOf } from "./open-api.js";
import { pageOf } from "./page.js";
import type { RateLimit } from "./rate.js";

export interface AppOptions {
  readonly maker: Pick<Maker, "make" | "queue" | "shape">;
  readonly provenance: Provenance;
  readonly rate: RateLimit;
  /** Of pictures for which nobody says it. */
  readonly truncation: number;
  /** The address that a request came from. */
  readonly addressOf: (context: Context) => string;
  /** Whether it is shutting down: healthy no more. */
  readonly isClosing: () => boolean;
}

const largestSeed = Number.MAX_SAFE_INTEGER;
/** Seeds of fresh pictures: of so many that two alike are not met. */
const freshSeeds = 2 ** 48 - 1;

const security: Readonly<Record<string, string>> = {
  "Content-Security-Policy":
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "X-Synthetic": "true",
};

/** Pages and pictures of a generator, each a function of its address alone. */
export function serveApp(options: AppOptions): Hono {
  const { maker, provenance, rate, addressOf } = options;
  const counts = new Counts(() => maker.queue);
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(security)) context.res.headers.set(name, value);
    counts.requests.inc({ route: routeOf(context.req.path), status: context.res.status });
  });
  app.get("/healthz", ({ json }) =>
    options.isClosing() ? json({ status: "closing" }, 503) : json({ status: "ok" }),
  );
  app.get("/metrics", async ({ body }) =>
    body(await counts.registry.metrics(), 200, { "Content-Type": counts.registry.contentType }),
  );
  app.get("/openapi.json", ({ json }) => json(openApiOf(provenance)));
  app.use(async (context, next) => {
    const wait = rate.wait(addressOf(context));
    if (wait > 0) {
      context.header("Retry-After", String(Math.ceil(wait)));
      throw new Refusal(429, { op: "rate", why: "you ask too often", hint: "wait a moment" });
    }
    await next();
  });
  app.get("/", (context) => {
    const { order } = orderOf(context, options);
    return context.html(pageOf(order, { provenance, shape: maker.shape }), 200, {
      "Cache-Control": "no-store",
    });
  });
  app.get("/api/picture", (context) => {
    const { order } = orderOf(context, options);
    context.header("Cache-Control", "no-store");
    const [, height, width] = maker.shape;
    return context.json({
      ...order,
      url: addressFor(order),
      width,
      height,
      synthetic: true,
      ...provenance,
    });
  });
  app.get("/picture.png", async (context) => {
    const { order, isFresh } = orderOf(context, options);
    const tag = `"${provenance.model.slice(0, 16)}-${order.seed}-${order.truncation}"`;
    context.header("ETag", tag);
    context.header("X-Seed", String(order.seed));
    context.header("Content-Location", addressFor(order));
    context.header("Cache-Control", isFresh ? "no-store" : "public, max-age=31536000, immutable");
    const known = context.req.header("if-none-match")?.split(/\s*,\s*/) ?? [];
    if (!isFresh && known.some((one) => one.replace(/^W\//, "") === tag)) {
      return context.body(null, 304);
    }
    const end = counts.seconds.startTimer();
    const png = await maker.make(order);
    end();
    counts.pictures.inc();
    return context.body(Uint8Array.from(png), 200, { "Content-Type": "image/png" });
  });
  app.notFound((context) =>
    context.json(
      apiError(new ConfigurationError({ op: "path", why: "there is nothing here" })),
      404,
    ),
  );
  app.onError((error, context) => {
    if (error instanceof Busy) {
      context.header("Retry-After", "1");
      return context.json(apiError(error), 503);
    }
    const status = error instanceof Refusal ? error.status : 500;
    return context.json(apiError(error), status);
  });
  return app;
}

/** The picture that a request is about: the one it names, or a fresh one. */
function orderOf(
  context: Context,
  { truncation: usual }: AppOptions,
): { readonly order: Order; readonly isFresh: boolean } {
  const seed = context.req.query("seed");
  const share = context.req.query("truncation");
  const truncation = share === undefined ? usual : Number(share);
  if (share === "" || !(truncation >= 0 && truncation <= 1)) {
    throw new Refusal(400, { op: "truncation", why: "expected a number from 0 to 1" });
  }
  if (seed === undefined)
    return { order: { seed: randomInt(freshSeeds), truncation }, isFresh: true };
  if (!/^\d{1,16}$/.test(seed) || Number(seed) > largestSeed) {
    const why = `expected a whole number up to ${largestSeed}`;
    throw new Refusal(400, { op: "seed", why });
  }
  return { order: { seed: Number(seed), truncation }, isFresh: false };
}

/** Where a picture is found again. */
export const addressFor = ({ seed, truncation }: Order): string =>
  `/picture.png?seed=${seed}&truncation=${truncation}`;

const routes = new Set([
  "/",
  "/picture.png",
  "/api/picture",
  "/openapi.json",
  "/healthz",
  "/metrics",
]);

/** What requests are counted by: whoever asks for anything else does not make new counters. */
const routeOf = (path: string): string => (routes.has(path) ? path : "other");
