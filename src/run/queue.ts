/** Things that are put in at one end and awaited at the other, by one reader. */
export class Queue<T> {
  private readonly items: T[] = [];
  private head = 0;
  private closed = false;
  private wake: (() => void) | undefined;

  put(item: T): void {
    this.items.push(item);
    this.wake?.();
  }

  /** Nothing comes any more; what is inside can still be taken. */
  close(): void {
    this.closed = true;
    this.wake?.();
  }

  /** The next thing, or `undefined` when there will be none. */
  async take(): Promise<T | undefined> {
    while (this.head === this.items.length && !this.closed) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    if (this.head === this.items.length) return undefined;
    const item = this.items[this.head]!;
    this.head++;
    if (this.head > 1024) {
      this.items.splice(0, this.head);
      this.head = 0;
    }
    return item;
  }
}
