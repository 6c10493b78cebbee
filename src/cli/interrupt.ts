import type { Terminal } from "./terminal/terminal.js";

/**
 * The first Ctrl-C (or a reader of our output that leaves) asks to stop, the second one quits at
 * once. Returns what puts everything back.
 */
export function onInterrupt({
  terminal,
  stop,
}: {
  readonly terminal: Terminal;
  readonly stop: (closed: boolean) => void;
}): () => void {
  let asked = false;
  const interrupt = (): void => {
    if (asked) {
      if (terminal.live) terminal.write("\x1b[?25h\n");
      // By the signal itself: leaving through Node while a session runs in a thread aborts it.
      process.off("SIGINT", interrupt);
      process.kill(process.pid, "SIGINT");
      return;
    }
    asked = true;
    stop(false);
  };
  const closed = (): void => stop(true);
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  terminal.closed.addEventListener("abort", closed, { once: true });
  return () => {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
    terminal.closed.removeEventListener("abort", closed);
  };
}
