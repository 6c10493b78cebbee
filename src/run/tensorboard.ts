import { closeSync, openSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { RunEvent, Score } from "../game/events.js";
import type { RunRecord } from "./record.js";
import {
  type BoardEvent,
  type BoardPicture,
  type BoardValue,
  encodeRecord,
} from "./tensorboard-format.js";
import { appendWhole, writeError } from "./write.js";

const pattern = /^events\.out\.tfevents\.(\d+)\.belamy$/;

/** What TensorBoard reads of a run: `events.out.tfevents.<seconds>.belamy` in its folder. */
export class Board {
  private readonly path: string;
  private readonly file: number;

  constructor(path: string) {
    this.path = path;
    try {
      this.file = openSync(path, "a");
    } catch (error) {
      throw writeError(path, error);
    }
  }

  /**
   * Begins a file and returns its path. A run that is resumed begins another, which says from
   * which round on the one before is void.
   */
  static begin(folder: string, { record, from }: BoardStart): string {
    const path = join(folder, nextName(folder));
    const board = new Board(path);
    try {
      board.write([
        { wallTime: now(), step: 0, version: "brain.Event:2" },
        ...(from === undefined ? [] : [{ wallTime: now(), step: from, restart: true }]),
        ...((from ?? 0) > 0 ? [] : [{ wallTime: now(), step: 0, values: [hyperOf(record)] }]),
      ]);
    } finally {
      board.close();
    }
    return path;
  }

  /** Appends what events say in numbers. */
  append(events: readonly RunEvent[]): void {
    const wallTime = now();
    const told = events.flatMap((event): BoardEvent[] => {
      const values = valuesOf(event);
      return values.length === 0 ? [] : [{ wallTime, step: event.round, values }];
    });
    const pace = paceOf(events);
    this.write(pace === undefined ? told : [...told, { wallTime, ...pace }]);
  }

  /** Appends a picture of samples. */
  show(round: number, picture: BoardPicture): void {
    this.write([{ wallTime: now(), step: round, values: [{ tag: "samples", picture }] }]);
  }

  close(): void {
    closeSync(this.file);
  }

  private write(events: readonly BoardEvent[]): void {
    if (events.length === 0) return;
    try {
      appendWhole(this.file, Buffer.concat(events.map(encodeRecord)));
    } catch (error) {
      throw writeError(this.path, error);
    }
  }
}

export interface BoardStart {
  readonly record: RunRecord;
  /** The first round that will be played again; of a resumed run. */
  readonly from: number | undefined;
}

const now = (): number => Date.now() / 1000;

/** Names sort as files were begun, or TensorBoard would leave the later one unread. */
function nextName(folder: string): string {
  const known = readdirSync(folder).map((name) => Number(pattern.exec(name)?.[1] ?? 0));
  const seconds = Math.max(Math.floor(now()), Math.max(0, ...known) + 1);
  return `events.out.tfevents.${seconds}.belamy`;
}

function valuesOf(event: RunEvent): BoardValue[] {
  switch (event.type) {
    case "round":
      return [...scalars("terms", event.terms), ...scalars("watches", event.watches)];
    case "scores":
      return [
        ...event.scores.map(({ name, value }) => ({ tag: `scores/${name}`, scalar: value })),
        { tag: "protocols", text: protocolsOf(event.scores) },
      ];
    case "verdicts":
      return [{ tag: "verdicts/accuracy", scalar: event.accuracy }];
    default:
      return [];
  }
}

const scalars = (group: string, values: Readonly<Record<string, number>>): BoardValue[] =>
  Object.entries(values).map(([name, scalar]) => ({ tag: `${group}/${name}`, scalar }));

/** How fast the rounds among some events were played. */
function paceOf(events: readonly RunEvent[]): Pick<BoardEvent, "step" | "values"> | undefined {
  const rounds = events.filter((event) => event.type === "round");
  const last = rounds.at(-1);
  const ms = rounds.reduce((sum, { durationMs }) => sum + durationMs, 0);
  if (last === undefined || ms === 0) return undefined;
  const scalar = (1000 * rounds.length) / ms;
  return { step: last.round, values: [{ tag: "pace/rounds-per-second", scalar }] };
}

/** A score is worth what its protocol says. */
const protocolsOf = (scores: readonly Score[]): string =>
  table(
    ["score", "value", "better", "protocol"],
    scores.map(({ name, value, better, protocol }) => [name, String(value), better, protocol]),
  );

/** What was played with, as a table in Markdown. */
function hyperOf({ system, data, seed, hyper }: RunRecord): BoardValue {
  const rows = Object.entries(hyper).map(([name, { value, default: usual, about, unit }]) => [
    name,
    unit === undefined ? String(value) : `${value} ${unit}`,
    String(usual),
    about,
  ]);
  const head = `${system} on ${data.name}, seed ${seed}\n\n`;
  return { tag: "hyper-parameters", text: head + table(["name", "value", "default", "is"], rows) };
}

/** Markdown. */
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n");
