import type { RunEvent } from "../../game/events.js";
import type { Meter } from "./meter.js";
import type { Reporter } from "./reporter.js";

const everyMs = 10_000;
const everyShare = 0.05;

/** A line now and then, for logs and pipes: every twentieth of the run, and every ten seconds. */
export class PlainReporter implements Reporter {
  private readonly meter: Meter;
  private readonly write: (text: string) => void;
  private saidMs = performance.now();
  private saidStep = 0;

  constructor(meter: Meter, write: (text: string) => void) {
    this.meter = meter;
    this.write = write;
  }

  take(event: RunEvent): void {
    if (event.type !== "round") return;
    const now = performance.now();
    const step = Math.floor(event.progress / everyShare + 1e-9);
    if (step <= this.saidStep && now - this.saidMs < everyMs) return;
    this.saidStep = step;
    this.saidMs = now;
    const share = `${Math.floor(event.progress * 100 + 1e-9)} %`;
    const terms = this.meter.termTexts.map(([name, value]) => `${name} ${value}`);
    this.write(`${[share.padStart(5), ...this.meter.facts, ...terms].join("  ")}\n`);
  }

  note(text: string): void {
    this.write(`${text}\n`);
  }

  end(): void {}
}
