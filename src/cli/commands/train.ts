import type { RunEvent, StartedEvent, StoppedEvent } from "../../game/events.js";
import { settleFor } from "../../game/system.js";
import { judge, samplesToJudge } from "../../metrics/judge.js";
import { hyperOf } from "../../run/export.js";
import { openFeatures } from "../../run/features.js";
import { readRecord } from "../../run/folder.js";
import type { TrainOptions } from "../../run/options.js";
import { type Origin, readOrigin, writeOrigin } from "../../run/origin.js";
import { train } from "../../run/train.js";
import { dryRun } from "../dry-run.js";
import { findRun } from "../find-run.js";
import { openHeldOut } from "../held-out.js";
import { readHyper, systemNamed, usualSystem } from "../hyper-flags.js";
import { onInterrupt } from "../interrupt.js";
import { openShown } from "../open-data.js";
import { readDataOptions } from "../picture-options.js";
import { profileRounds } from "../profile.js";
import type { Reader } from "../reader.js";
import { LiveReporter } from "../report/live.js";
import { Meter } from "../report/meter.js";
import { PlainReporter } from "../report/plain.js";
import { Preview } from "../report/preview.js";
import { jsonLines, type Reporter, silent } from "../report/reporter.js";
import { closing, opening } from "../report/words.js";
import type { Terminal } from "../terminal/terminal.js";

type Voice = "talk" | "json" | "quiet";

export async function trainCommand(reader: Reader, terminal: Terminal): Promise<number> {
  const [source] = reader.operands("SOURCE");
  const resumed = reader.text("resume");
  const resume = resumed === undefined ? undefined : findRun(resumed);
  const branched = reader.text("branch");
  const branch = branched === undefined ? undefined : findRun(branched);
  const checkpoint = reader.whole("checkpoint", { minimum: 0 });
  const before = resume ?? branch;
  const record = before === undefined ? undefined : readRecord(before);
  const system = systemNamed(reader.text("system") ?? record?.system ?? usualSystem, reader);
  const hyper = system === undefined ? {} : readHyper(reader, system);
  const rounds = reader.whole("rounds");
  const minutes = reader.amount("minutes");
  const seed = reader.whole("seed", { minimum: 0 });
  const replicas = reader.whole("replicas");
  const device = reader.text("device");
  const perceived = reader.text("features");
  const folder = reader.text("out");
  const options = readDataOptions(reader);
  reader.either("rounds", "minutes");
  reader.either("json", "quiet");
  reader.either("resume", "out");
  reader.either("resume", "branch");
  if (checkpoint !== undefined && branch === undefined) {
    reader.problem("--checkpoint", "says where a --branch begins; name the run");
  }
  const file = traceFile(reader);
  const usual = before === undefined ? system?.data : undefined;
  const origin =
    (source ?? usual) !== undefined
      ? { source: source ?? usual!, options }
      : before === undefined
        ? undefined
        : readOrigin(before);
  if (origin === undefined) {
    const what = before === undefined ? "ring or a folder of pictures" : "those that it began with";
    reader.problem("SOURCE", `missing; name data, such as ${what}`);
  }
  reader.finish();
  const quiet = reader.is("json") || reader.is("quiet");
  const data = await openShown(origin!, { terminal, quiet });
  if (reader.is("dry-run")) {
    const seen =
      perceived === undefined ? system! : system!.perceiving(await openFeatures(perceived));
    const dry = { system: seen, data, hyper, rounds, minutes, replicas };
    await dryRun(dry, terminal, reader.is("json"));
    return 0;
  }
  const voice: Voice = reader.is("json") ? "json" : reader.is("quiet") ? "quiet" : "talk";
  const played = {
    system: system!,
    data,
    hyper,
    ...(rounds === undefined ? {} : { rounds }),
    ...(seed === undefined ? {} : { seed }),
    ...(replicas === undefined ? {} : { replicas }),
    ...(device === undefined ? {} : { device }),
    ...(perceived === undefined ? {} : { features: await openFeatures(perceived) }),
  };
  if (file !== undefined) return await profileRounds(played, { terminal, file, voice });
  const stopping = new AbortController();
  const at = checkpoint === undefined ? {} : { round: checkpoint };
  const heldOut = await openHeldOut(origin!, data);
  const asked: TrainOptions = {
    ...played,
    ...(heldOut === undefined ? {} : { heldOut }),
    signal: stopping.signal,
    sampleCount: data.kind === "points" ? 512 : 64,
    judge,
    judgeCount: samplesToJudge(data),
    ...(minutes === undefined ? {} : { minutes }),
    ...(folder === undefined ? {} : { folder }),
    ...(reader.isNot("cache") ? { cache: false } : {}),
    ...(resume === undefined ? {} : { resume }),
    ...(branch === undefined ? {} : { branch: { run: branch, ...at } }),
  };
  const batch = Number(
    settleFor(system!, data, { ...(record && hyperOf(record)), ...hyper }).batch,
  );
  const length = record?.budget.kind === "minutes" ? record.budget.minutes : undefined;
  const stage = { terminal, voice, stopping, origin: origin!, batch, minutes: minutes ?? length };
  return await play(asked, stage);
}

/** What a profile has no use for: it keeps nothing of the rounds. */
const notTimed = ["minutes", "resume", "branch", "out", "dry-run"] as const;

/** Where a profile's trace goes, when one is asked for. */
function traceFile(reader: Reader): string | undefined {
  const file = reader.text("profile") ?? (reader.is("profile") ? "profile.json" : undefined);
  if (file === undefined) return undefined;
  for (const other of notTimed) reader.either("profile", other);
  // A word behind the flag may have been meant as SOURCE.
  if (!file.endsWith(".json")) {
    reader.problem("--profile", `expected a name that ends in .json, received ${file}`);
  }
  return file;
}

interface Stage {
  readonly terminal: Terminal;
  readonly voice: Voice;
  readonly stopping: AbortController;
  readonly origin: Origin;
  readonly batch: number;
  readonly minutes: number | undefined;
}

/** Plays a run to its end and tells of it. */
async function play(options: TrainOptions, stage: Stage): Promise<number> {
  const { terminal, voice, stopping, origin, batch, minutes } = stage;
  const { data } = options;
  const run = train(options);
  const meter = new Meter({ batch, unit: data.shape[0] === 0 ? "" : data.kind });
  const reporter = reporterFor(options, { meter, ...stage });
  const release = onInterrupt({
    terminal,
    stop: (closed) => {
      if (!closed) reporter.note("stopping after this round; Ctrl-C again quits at once");
      stopping.abort();
    },
  });
  const startMs = performance.now();
  let started: StartedEvent | undefined;
  let stopped: StoppedEvent | undefined;
  try {
    for await (const event of run) {
      if (event.type === "started") {
        started = event;
        if (event.folder !== undefined) writeOrigin(event.folder, origin);
        if (voice === "talk") terminal.write(opening(event, { data, minutes, terminal }));
      }
      if (event.type === "stopped") stopped = event;
      measure(event, meter);
      reporter.take(event);
    }
  } finally {
    reporter.end();
    release();
  }
  const seconds = (performance.now() - startMs) / 1000;
  const folder = started?.folder;
  const { fills, translates } = options.system;
  const use = fills !== undefined ? "fill" : translates !== undefined ? "apply" : "generate";
  if (voice === "quiet" && folder !== undefined) terminal.write(`${folder}\n`);
  if (voice === "talk" && stopped !== undefined) {
    terminal.write(closing(stopped, { folder, meter, seconds, terminal, use }));
  }
  return exitCode(stopped, terminal);
}

function exitCode(stopped: StoppedEvent | undefined, terminal: Terminal): number {
  if (stopped?.reason === "finished") return 0;
  if (stopped?.reason === "asked") return terminal.closed.aborted ? 0 : 130;
  terminal.complain(`${stopped?.message ?? "the run ended without a word"}\n`);
  return 1;
}

function measure(event: RunEvent, meter: Meter): void {
  if (event.type === "scores") meter.scores = event.scores;
  if (event.type === "conclusion") meter.conclusion = event;
  if (event.type === "started" || event.type === "round" || event.type === "budget") {
    meter.take(event, performance.now());
  }
}

function reporterFor(
  { data }: TrainOptions,
  { terminal, voice, meter }: Stage & { readonly meter: Meter },
): Reporter {
  const write = (text: string): void => terminal.write(text);
  if (voice === "json") return jsonLines(write);
  if (voice === "quiet") return silent;
  if (!terminal.live) return new PlainReporter(meter, write);
  return new LiveReporter(terminal, { meter, preview: new Preview(terminal, data) });
}
