import { grouped } from "../../game/table.js";
import type { Terminal } from "../terminal/terminal.js";
import { clock } from "../terminal/text.js";

const everyMs = 100;
const barLength = 24;

/** One line on a screen that says what is being done and how far it is; nothing in a pipe. */
export class Progress {
  private readonly terminal: Terminal;
  private readonly shown: boolean;
  private what = "";
  private beganMs = 0;
  private saidMs = 0;
  private drawn = false;

  constructor(terminal: Terminal, { quiet }: { readonly quiet: boolean }) {
    this.terminal = terminal;
    this.shown = terminal.live && !quiet;
  }

  /** So many of what is being done are done. */
  readonly say = (what: string, done: number, total: number): void => {
    if (!this.shown) return;
    const now = performance.now();
    if (what !== this.what) [this.what, this.beganMs, this.saidMs] = [what, now, 0];
    if (now - this.saidMs < everyMs && done < total) return;
    this.saidMs = now;
    this.drawn = true;
    const full = Math.round((done / total) * barLength);
    const [on, off] = this.terminal.unicode ? ["━", "─"] : ["=", "-"];
    const left = ((now - this.beganMs) / 1000 / Math.max(1, done)) * (total - done);
    const rest = done < total && now - this.beganMs > 2000 ? `, ${clock(left)} left` : "";
    const bar = on.repeat(full) + off.repeat(barLength - full);
    this.terminal.write(`\r\x1b[2K${bar} ${what} ${grouped(done)} of ${grouped(total)}${rest}`);
  };

  /** Leaves the line empty. */
  clear(): void {
    if (this.drawn) this.terminal.write("\r\x1b[2K");
    this.drawn = false;
  }
}
