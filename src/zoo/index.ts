import type { System } from "../game/system.js";
import { dcgan } from "./dcgan.js";
import { gan } from "./gan.js";
import { r3gan } from "./r3gan.js";

/** Every system, by its name. */
export const zoo = { gan, dcgan, r3gan } as const satisfies Readonly<Record<string, System>>;
