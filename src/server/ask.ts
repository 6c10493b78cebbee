import type { Context } from "hono";
import * as z from "zod";
import { madeKinds } from "../data/pairs.js";
import { policies } from "../nn/augmentation.js";
import { Refusal } from "./problem.js";

/** A body larger than this is no question that the studio asks. */
const mostBytes = 256 * 1024;

/** Reads a request's JSON and checks it; every mistake is told at once. */
export async function askedJson<T extends z.ZodType>(
  context: Context,
  schema: T,
): Promise<z.output<T>> {
  const text = await bodyText(context);
  let body: unknown;
  try {
    body = text.trim() === "" ? {} : JSON.parse(text);
  } catch {
    throw new Refusal(400, { op: "body", why: "is no JSON" });
  }
  return checked(schema, body);
}

/** Reads what stands behind the question mark of an address. */
export const askedQuery = <T extends z.ZodType>(context: Context, schema: T): z.output<T> =>
  checked(schema, context.req.query());

/** What is given, when it is what is expected. */
export function checked<T extends z.ZodType>(schema: T, given: unknown): z.output<T> {
  const found = schema.safeParse(given);
  if (found.success) return found.data;
  const mistakes = found.error.issues.map(({ path, message }) => ({
    label: path.length === 0 ? "body" : path.join("."),
    value: message,
  }));
  const [first, ...operands] = mistakes;
  throw new Refusal(400, { op: first!.label, why: first!.value, operands });
}

async function bodyText({ req }: Context): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const tooLarge = (): Refusal =>
    new Refusal(413, { op: "body", why: `is larger than ${mostBytes / 1024} KiB` });
  if (Number(req.header("content-length") ?? 0) > mostBytes) throw tooLarge();
  const body = req.raw.body;
  if (body === null) return "";
  for await (const part of body) {
    size += part.length;
    if (size > mostBytes) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

const value = z.union([z.number(), z.string().max(200)]);
const whole = z.number().int().safe();

const side = whole.min(1).max(1024);
const size = z.union([side, z.tuple([side, side])]);

const names = z.array(z.string().min(1).max(100)).max(1000);
/** Names with commas between them. */
const namesInText = z
  .string()
  .max(10_000)
  .transform((text) => text.split(",").map((name) => name.trim()))
  .pipe(names);

export const readOptions = z.strictObject({
  size: size.optional(),
  color: z.enum(["rgb", "grey", "auto"]).optional(),
  fit: z.enum(["crop", "pad"]).optional(),
  filter: z.enum(["lanczos3", "cubic", "nearest"]).optional(),
  background: z.string().max(50).optional(),
  label: z.string().max(100).optional(),
  classes: names.optional(),
  leave: names.optional(),
  category: names.optional(),
  skipMissing: z.boolean().optional(),
  limit: whole.min(1).optional(),
  // Never a path: what belongs to pictures is made from them, or is the other half of each file.
  given: z.enum(madeKinds).optional(),
  pairs: z.enum(["side-by-side"]).optional(),
  direction: z.enum(["AtoB", "BtoA"]).optional(),
});

export type ReadOptionsAsked = z.output<typeof readOptions>;

/** The same as text, behind a question mark or in the fields of a form. */
export const readFields = z.object({
  ...readOptions.shape,
  size: z
    .string()
    .regex(/^\d{1,4}(x\d{1,4})?$/, "expected a number or two as in 32x64")
    .transform((text): number | [number, number] => {
      const [height = 0, width = height] = text.split("x").map(Number);
      return height === width ? height : [height, width];
    })
    .pipe(size)
    .optional(),
  classes: namesInText.optional(),
  leave: namesInText.optional(),
  category: namesInText.optional(),
  skipMissing: z.stringbool().optional(),
  limit: z.coerce.number().pipe(whole.min(1)).optional(),
});

export const augmentRequest = z.strictObject({
  policy: z.array(z.enum(policies)).max(policies.length),
  probability: z.number().min(0).max(1).default(1),
  count: whole.min(1).max(32).default(8),
  variants: whole.min(1).max(16).default(4),
  seed: whole.min(0).default(0),
  options: readOptions.optional(),
});

export const startRequest = z.strictObject({
  system: z.string().max(50),
  data: z.strictObject({ source: z.string().min(1).max(255), options: readOptions.optional() }),
  hyper: z.record(z.string().max(50), value).optional(),
  seed: whole.min(0).optional(),
  rounds: whole.min(1).optional(),
  minutes: z.number().positive().max(1e6).optional(),
  device: z.string().max(20).optional(),
  replicas: whole.min(1).max(1024).optional(),
});

export type StartAsked = z.output<typeof startRequest>;

export const branchRequest = z.strictObject({
  checkpoint: whole.min(0).optional(),
  hyper: z.record(z.string().max(50), value).optional(),
  seed: whole.min(0).optional(),
  rounds: whole.min(1).optional(),
  minutes: z.number().positive().max(1e6).optional(),
});

export type BranchAsked = z.output<typeof branchRequest>;

const numeral = z.coerce.number().int().safe();

export const listQuery = z.object({
  limit: numeral.min(1).max(200).default(50),
  before: z.string().max(300).optional(),
  search: z.string().max(200).optional(),
});

export const roundQuery = z.object({
  round: numeral.min(0).optional(),
  bins: numeral.min(1).max(200).default(20),
});

export const seriesQuery = z.object({
  names: z.string().max(4000).optional(),
  points: numeral.min(1).max(10_000).default(600),
});
