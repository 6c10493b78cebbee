import type { System } from "../game/system.js";
import { dcgan } from "./dcgan.js";
import { gan } from "./gan.js";

/** Every system, by its name. */
export const zoo = { gan, dcgan } as const satisfies Readonly<Record<string, System>>;
