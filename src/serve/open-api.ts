import type { Provenance } from "./maker.js";
import { sourceType } from "./png.js";

const query = [
  {
    name: "seed",
    in: "query",
    description: "Decides the picture; a fresh one when left out.",
    schema: { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
  },
  {
    name: "truncation",
    in: "query",
    description: "How far from the middle of all latents: 1 is everywhere, 0 the middle itself.",
    schema: { type: "number", minimum: 0, maximum: 1 },
  },
] as const;

const problem = (description: string) => ({
  description,
  content: { "application/json": { schema: { $ref: "#/components/schemas/Problem" } } },
});

const problems = {
  400: problem("A seed or a truncation that is none."),
  429: problem("Asked too often; Retry-After says when again."),
  503: problem("Too many pictures wait; Retry-After says when again."),
} as const;

/** What can be asked, as OpenAPI 3.1 has it. */
export const openApiOf = ({ title, version }: Provenance) => ({
  openapi: "3.1.0",
  info: {
    title: `Pictures of ${title}`,
    version,
    description: `Every picture is synthetic (${sourceType}) and a function of its address alone.`,
  },
  paths: {
    "/picture.png": {
      get: {
        summary: "A picture",
        parameters: query,
        responses: {
          200: {
            description: "The picture; X-Seed and Content-Location say how to find it again.",
            headers: {
              ETag: { schema: { type: "string" } },
              "X-Seed": { schema: { type: "integer" } },
              "X-Synthetic": { schema: { const: "true" } },
            },
            content: { "image/png": {} },
          },
          304: { description: "You have it already." },
          ...problems,
        },
      },
    },
    "/api/picture": {
      get: {
        summary: "What there is to know about a picture, fresh or named",
        parameters: query,
        responses: {
          200: {
            description: "Where the picture is, and where it comes from.",
            content: { "application/json": { schema: { $ref: "#/components/schemas/Picture" } } },
          },
          400: problems[400],
          429: problems[429],
        },
      },
    },
    "/healthz": {
      get: { summary: "Whether it is up", responses: { 200: { description: "It is." } } },
    },
    "/metrics": {
      get: { summary: "Counts for Prometheus", responses: { 200: { description: "As text." } } },
    },
  },
  components: {
    schemas: {
      Picture: {
        type: "object",
        required: ["seed", "truncation", "url", "width", "height", "synthetic", "model"],
        properties: {
          seed: { type: "integer" },
          truncation: { type: "number" },
          url: { type: "string" },
          width: { type: "integer" },
          height: { type: "integer" },
          synthetic: { const: true },
          title: { type: "string" },
          model: { type: "string", description: "SHA-256 of the generator." },
          version: { type: "string", description: "Of Belamy." },
        },
      },
      Problem: {
        type: "object",
        required: ["error"],
        properties: {
          error: {
            type: "object",
            required: ["op", "why"],
            properties: {
              op: { type: "string" },
              why: { type: "string" },
              hint: { type: "string" },
            },
          },
        },
      },
    },
  },
});
