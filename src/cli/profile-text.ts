import { grouped, short, table, wrap } from "../game/table.js";
import { type Profile, type ProfileRow, type Share, Sums } from "../run/profile-rows.js";
import { clip, counted } from "./terminal/text.js";

const width = 80;
const slowest = 10;
const between = "between turns";

/** A profile as tables of at most 80 columns. */
export function profileText(profile: Profile, bold: (text: string) => string): string {
  const { system, data, batch, device, threads, replicas, rounds, warmUp, notes } = profile;
  const crowd = `${counted(replicas, "replica")} of ${counted(threads, "thread")}`;
  const total = profile.rows.reduce(sum, nothing);
  const by = (keyOf: (row: ProfileRow) => string): readonly Line[] => {
    const sums = new Sums<{ readonly name: string }>();
    for (const row of profile.rows) sums.add({ name: keyOf(row) }, row);
    return [...sums.rows, { name: "total", ...total }];
  };
  const named = profile.kernels.slice(0, slowest);
  const others = profile.kernels.slice(slowest).reduce(sum, nothing);
  const all = { name: `${profile.kernels.length - named.length} others`, ...others };
  const sections: readonly (readonly [string, readonly Line[]])[] = [
    ["By player", by(({ player }) => player ?? between)],
    ["By term", by(({ term, player }) => term ?? (player ? `${player}, no kernel` : between))],
    ["By operation", by(({ operation }) => operation)],
    ["By operator", others.calls > 0 ? [...named, all] : named],
  ];
  const told = sections.filter(([title]) => named.length > 0 || !/term|operator$/.test(title));
  const lines = [
    `${system} on ${data}, batch ${batch}: ${device}, ${crowd}`,
    `${short(profile.roundMs)} ms a round, the mean of ${rounds} after ${warmUp} to warm up`,
    ...told.flatMap(([title, rows]) => ["", ...section(title, rows, { profile, bold })]),
    "",
    "Of one replica. Calls count operators, draws and meetings; GFLOP/s is two for",
    "each multiply-add of products and convolutions, over all of the row's time.",
    ...notes.flatMap((note) => wrap(note, width)),
  ];
  return `${lines.join("\n")}\n`;
}

interface Line extends Share {
  readonly name: string;
}

const nothing: Share = { ms: 0, calls: 0, multiplyAdds: 0 };

const sum = (a: Share, b: Share): Share => ({
  ms: a.ms + b.ms,
  calls: a.calls + b.calls,
  multiplyAdds: a.multiplyAdds + b.multiplyAdds,
});

function section(
  title: string,
  rows: readonly Line[],
  { profile, bold }: { readonly profile: Profile; readonly bold: (text: string) => string },
): string[] {
  const { roundMs } = profile;
  const digits = roundMs < 10 ? 3 : roundMs < 1000 ? 2 : 1;
  const numbers = rows.map(({ ms, calls, multiplyAdds }) => [
    `${((100 * ms) / roundMs).toFixed(1)} %`,
    ms.toFixed(digits),
    calls >= 1000 ? grouped(Math.round(calls)) : short(calls, 3),
    multiplyAdds === 0 ? "" : ((2e-6 * multiplyAdds) / ms).toFixed(1),
  ]);
  const heads = ["share", "ms a round", "calls", "GFLOP/s"];
  const right = { align: "right" } as const;
  const tails = table(
    [heads, ...numbers],
    heads.map(() => right),
  );
  const room = width - 2 - Math.max(...tails.map((tail) => tail.length));
  const names = [title, ...rows.map(({ name }) => clip(name, room))];
  const [head, ...lines] = table(
    names.map((name, i) => [name, tails[i]!]),
    [{}, {}],
  );
  return [bold(head!), ...lines];
}
