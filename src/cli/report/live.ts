import type { RunEvent, SamplesEvent } from "../../game/events.js";
import { type Ink, inkOf, type Terminal } from "../terminal/terminal.js";
import { clip, flow } from "../terminal/text.js";
import type { Meter } from "./meter.js";
import type { Preview } from "./preview.js";
import type { Reporter } from "./reporter.js";

const everyMs = 120;
const gap = "  ";

/** Draws a run in place: its latest samples, how far it is, and what the players' terms are. */
export class LiveReporter implements Reporter {
  private readonly terminal: Terminal;
  private readonly meter: Meter;
  private readonly preview: Preview;
  private readonly ink: Ink;
  private samples: SamplesEvent | undefined;
  private picture:
    | { readonly columns: number; readonly rows: number; readonly lines: string[] }
    | undefined;
  private drawn = 0;
  private drawnColumns = 0;
  private drawnMs = 0;
  private said = "";

  constructor(terminal: Terminal, { meter, preview }: { meter: Meter; preview: Preview }) {
    this.terminal = terminal;
    this.meter = meter;
    this.preview = preview;
    this.ink = inkOf(terminal);
  }

  take(event: RunEvent): void {
    if (event.type === "started") this.terminal.write("\x1b[?25l");
    if (event.type === "samples") {
      this.samples = event;
      this.picture = undefined;
    }
    const isLast = event.type === "round" && event.progress >= 1;
    if (isLast) this.said = "saving, and scoring what it makes";
    if (event.type === "round" || event.type === "samples") this.draw(isLast);
  }

  note(text: string): void {
    this.said = text;
    this.draw(true);
  }

  end(): void {
    this.said = "";
    this.draw(true);
    this.terminal.write("\x1b[?25h");
  }

  private draw(now = false): void {
    const ms = performance.now();
    if (!now && ms - this.drawnMs < everyMs) return;
    this.drawnMs = ms;
    const columns = Math.max(10, this.terminal.columns() - 1);
    const lines = this.lines(columns).map((line) => clip(line, columns));
    // After a change of width, lines may have been broken by the terminal: start below them.
    const back = columns === this.drawnColumns ? this.drawn : 0;
    const up = back > 0 ? `\x1b[${back}A\r` : "\r";
    const body = lines.map((line) => `\x1b[2K${line}\n`).join("");
    // Drawn at once where the terminal knows how, so that nothing flickers.
    this.terminal.write(`\x1b[?2026h${up}${body}\x1b[J\x1b[?2026l`);
    this.drawn = lines.length;
    this.drawnColumns = columns;
  }

  private lines(columns: number): string[] {
    const { accent, dim, bold } = this.ink;
    const terms = this.meter.termTexts.map(([name, value]) => `${dim(name)} ${bold(value)}`);
    const { facts } = this.meter;
    const beside = facts.reduce((n, fact) => n + gap.length + fact.length, 0);
    // As long as it can be beside the facts; on a line of its own where the terminal is narrow.
    const bar = columns - beside - 5 >= 8 ? columns - beside - 5 : columns - 5;
    const status = flow([this.bar(Math.max(1, Math.min(24, bar))), ...facts], columns, gap);
    const below = [
      ...status,
      ...(terms.length > 0 ? flow(terms, columns) : []),
      ...(this.said === "" ? [] : [accent(this.said)]),
    ];
    const rows = this.terminal.rows();
    // A share of the screen, so that pictures keep their size when there is more to say below them.
    const room = Math.min(24, Math.floor(0.6 * rows), rows - below.length - 3);
    const picture = this.painted(columns, room);
    return [...(picture.length > 0 ? [...picture, ""] : []), ...below];
  }

  private bar(length: number): string {
    const { accent, dim } = this.ink;
    const done = Math.round(this.meter.progress * length);
    const [full, rest] = this.terminal.unicode ? ["━", "─"] : ["=", "-"];
    const share = `${Math.floor(this.meter.progress * 100 + 1e-9)} %`.padStart(5);
    return `${accent(full.repeat(done))}${dim(rest.repeat(length - done))}${share}`;
  }

  /** The samples as lines, painted once for each size of the terminal. */
  private painted(columns: number, rows: number): readonly string[] {
    if (this.samples === undefined || rows < 4) return [];
    if (this.picture?.columns !== columns || this.picture.rows !== rows) {
      const place = { columns: Math.min(columns, 120), lines: rows };
      this.picture = { columns, rows, lines: this.preview.draw(this.samples, place) };
    }
    return this.picture.lines;
  }
}
