import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** What is counted for Prometheus. */
export class Counts {
  readonly registry = new Registry();
  readonly requests: Counter<"route" | "status">;
  readonly pictures: Counter;
  readonly seconds: Histogram;

  constructor(queue: () => number) {
    const registers = [this.registry];
    this.requests = new Counter({
      name: "belamy_requests_total",
      help: "Requests that were answered.",
      labelNames: ["route", "status"],
      registers,
    });
    this.pictures = new Counter({
      name: "belamy_pictures_total",
      help: "Pictures that were made.",
      registers,
    });
    this.seconds = new Histogram({
      name: "belamy_picture_seconds",
      help: "From the order of a picture to its file.",
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    });
    const waiting: Gauge = new Gauge({
      name: "belamy_queue_pictures",
      help: "Pictures that were ordered and are not made yet.",
      registers,
      collect: () => waiting.set(queue()),
    });
  }
}
