interface Bucket {
  tokens: number;
  atMs: number;
}

/** Addresses that are remembered; of others nothing is known, and they begin with a full measure. */
const mostAddresses = 10_000;

/** How much each address may ask: so many requests a second in the long run, twice that at once. */
export class RateLimit {
  private readonly perSecond: number;
  private readonly clock: () => number;
  private readonly buckets = new Map<string, Bucket>();

  constructor(perSecond: number, clock: () => number = () => performance.now()) {
    this.perSecond = perSecond;
    this.clock = clock;
  }

  /** Seconds until this address may ask again; 0 when it may now, and then it has. */
  wait(address: string): number {
    const now = this.clock();
    const most = Math.max(1, 2 * this.perSecond);
    const { tokens, atMs } = this.buckets.get(address) ?? { tokens: most, atMs: now };
    const has = Math.min(most, tokens + ((now - atMs) / 1000) * this.perSecond);
    this.buckets.delete(address);
    this.buckets.set(address, { tokens: has >= 1 ? has - 1 : has, atMs: now });
    // The first in a map is who asked longest ago.
    if (this.buckets.size > mostAddresses) this.buckets.delete(this.buckets.keys().next().value!);
    return has >= 1 ? 0 : (1 - has) / this.perSecond;
  }
}
