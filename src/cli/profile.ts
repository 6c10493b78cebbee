import { dirname } from "node:path";
import { type ProfileOptions, record } from "../run/profile.js";
import { profileOf } from "../run/profile-rows.js";
import { chromeTrace } from "../run/profile-trace.js";
import { makeFolder, writeWhole } from "../run/write.js";
import { onInterrupt } from "./interrupt.js";
import { profileText } from "./profile-text.js";
import { inkOf, type Terminal } from "./terminal/terminal.js";

export interface ProfileAsked {
  /** Where the trace goes. */
  readonly file: string;
  readonly voice: "talk" | "json" | "quiet";
}

/** Plays some rounds, says where they go, and leaves a trace. */
export async function profileRounds(
  options: Omit<ProfileOptions, "signal">,
  { terminal, file, voice }: ProfileAsked & { readonly terminal: Terminal },
): Promise<number> {
  const stopping = new AbortController();
  const release = onInterrupt({ terminal, stop: () => stopping.abort() });
  makeFolder(dirname(file));
  try {
    const recording = await record({ ...options, signal: stopping.signal });
    const profile = profileOf(recording);
    if (profile.rounds === 0) return 130;
    const lines = chromeTrace(recording).map((event) => JSON.stringify(event));
    writeWhole(file, [new TextEncoder().encode(`[\n${lines.join(",\n")}\n]\n`)]);
    if (voice === "quiet") terminal.write(`${file}\n`);
    if (voice === "json") terminal.write(`${JSON.stringify({ ...profile, trace: file })}\n`);
    if (voice === "talk") {
      const told = profileText(profile, inkOf(terminal).bold);
      terminal.write(`${told}\n${file}: open it in chrome://tracing or ui.perfetto.dev\n`);
    }
    return stopping.signal.aborted && !terminal.closed.aborted ? 130 : 0;
  } finally {
    release();
  }
}
