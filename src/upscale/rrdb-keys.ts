/** How one generation of ESRGAN's code names a generator's tensors. */
interface Generation {
  /** Of the weight of the first convolution. */
  readonly first: string;
  /** Matches the keys inside of blocks, whose number it captures. */
  readonly block: RegExp;
  /** What this generation calls a tensor that RRDBNet_arch.py calls by `name`. */
  key(name: string, counts: { readonly blocks: number; readonly doublings: number }): string;
  /** How many doublings there are, from all keys. */
  doublings(keys: readonly string[]): number;
}

const largest = (keys: readonly string[], pattern: RegExp): number =>
  keys.reduce((most, key) => Math.max(most, Number(pattern.exec(key)?.[1] ?? -1)), -1);

/** RRDBNet_arch.py, BSRGAN: `RRDB_trunk.0.RDB1.conv1`, `upconv1`, `HRconv`. */
const middle: Generation = {
  first: "conv_first.weight",
  block: /^RRDB_trunk\.(\d+)\./,
  key: (name) => name,
  doublings: (keys) => Math.max(0, largest(keys, /^upconv(\d+)\.weight$/)),
};

/** BasicSR, Real-ESRGAN: `body.0.rdb1.conv1`, `conv_up1`, `conv_hr`. */
const recent: Generation = {
  first: "conv_first.weight",
  block: /^body\.(\d+)\./,
  key: (name) =>
    name
      .replace(/^RRDB_trunk\.(\d+)\.RDB/, "body.$1.rdb")
      .replace(/^trunk_conv/, "conv_body")
      .replace(/^upconv/, "conv_up")
      .replace(/^HRconv/, "conv_hr"),
  doublings: (keys) => Math.max(0, largest(keys, /^conv_up(\d+)\.weight$/)),
};

/**
 * The first code, most community models: one sequence `model`, in which every doubling takes three
 * places (itself, its convolution, an activation) and the last two convolutions have one between.
 */
const old: Generation = {
  first: "model.0.weight",
  block: /^model\.1\.sub\.(\d+)\.RDB/,
  key: (name, { blocks, doublings }) =>
    name
      .replace(/^conv_first/, "model.0")
      .replace(/^RRDB_trunk\.(\d+)\.(RDB\d\.conv\d)/, "model.1.sub.$1.$2.0")
      .replace(/^trunk_conv/, `model.1.sub.${blocks}`)
      .replace(/^upconv(\d+)/, (_, i: string) => `model.${3 * Number(i)}`)
      .replace(/^HRconv/, `model.${3 * doublings + 2}`)
      .replace(/^conv_last/, `model.${3 * doublings + 4}`),
  doublings: (keys) => Math.max(0, Math.floor((largest(keys, /^model\.(\d+)\.weight$/) - 4) / 3)),
};

const generations: readonly Generation[] = [old, recent, middle];

/** Where a file has its generator, and in which words. */
export interface Naming {
  /** Stands before every key: `params_ema.`, or nothing. */
  readonly prefix: string;
  readonly blocks: number;
  readonly doublings: number;
  /** The key of a tensor, by its name in RRDBNet_arch.py. */
  readonly key: (name: string) => string;
}

/** Averages are what is meant to be used. */
const rank = (prefix: string): number => {
  if (/(^|[._])(ema|average)[._]/.test(prefix)) return 0;
  return prefix === "" ? 1 : 2;
};

/** How the keys of a file name a generator; nothing when they name none. */
export function namingOf(keys: readonly string[]): Naming | undefined {
  const found = generations.flatMap((generation) =>
    keys
      .filter((key) => key === generation.first || key.endsWith(`.${generation.first}`))
      .map((key) => key.slice(0, -generation.first.length))
      .flatMap((prefix) => {
        const own = keys.filter((k) => k.startsWith(prefix)).map((k) => k.slice(prefix.length));
        const blocks = 1 + largest(own, generation.block);
        if (blocks === 0) return [];
        const counts = { blocks, doublings: generation.doublings(own) };
        const key = (name: string): string => prefix + generation.key(name, counts);
        return [{ prefix, ...counts, key }];
      }),
  );
  return found.sort((a, b) => rank(a.prefix) - rank(b.prefix))[0];
}
