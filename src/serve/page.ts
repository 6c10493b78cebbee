import { html } from "hono/html";
import type { Shape } from "../shape/shape.js";
import { addressFor } from "./app.js";
import type { Order, Provenance } from "./maker.js";

/** A page with one picture, larger than it is, and what is to be known about it. */
export function pageOf(
  order: Order,
  { provenance, shape }: { readonly provenance: Provenance; readonly shape: Shape },
) {
  const { seed, truncation } = order;
  const { title, model } = provenance;
  const [, height, width] = shape;
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>This does not exist: ${title}</title>
<style>
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
  body { margin: 0 auto; max-width: 34rem; padding: 1.5rem; text-align: center; }
  img { width: 100%; height: auto; border-radius: .5rem; image-rendering: ${(width ?? 0) < 128 ? "pixelated" : "auto"}; }
  a { color: inherit; }
  nav { display: flex; gap: 1.5rem; justify-content: center; margin: 1rem; font-size: 1.125rem; }
  small { opacity: .75; }
</style>
<img src="${addressFor(order)}" width="${width}" height="${height}" alt="A picture made by a machine, of something that does not exist">
<nav><a href="/">Another</a> <a href="/?seed=${seed}&amp;truncation=${truncation}">Link to this one</a></nav>
<p>Made by a machine; nothing and nobody in it exists.</p>
<p><small>${title} · seed ${seed} · model ${model.slice(0, 12)}</small></p>
</html>`;
}
