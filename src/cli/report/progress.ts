import type { Terminal } from "../terminal/terminal.js";

const everyMs = 100;

/** One line that is drawn over itself on a screen, and is gone at the end; nothing in a pipe. */
export class Progress {
  private readonly terminal: Terminal;
  private readonly silent: boolean;
  private saidMs = performance.now();
  private said = false;

  constructor(terminal: Terminal, quiet: boolean) {
    this.terminal = terminal;
    this.silent = quiet || !terminal.live;
  }

  /** Says how far something is, unless it was said only just now. */
  say(text: string): void {
    if (this.silent || performance.now() - this.saidMs < everyMs) return;
    this.saidMs = performance.now();
    this.said = true;
    this.terminal.write(`\r\x1b[2K${text}`);
  }

  end(): void {
    if (this.said) this.terminal.write("\r\x1b[2K");
    this.said = false;
  }
}
