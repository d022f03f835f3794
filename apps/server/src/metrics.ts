import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  observeRequest(route: string, status: number, seconds: number): void;
  observeProcedure(path: string, ok: boolean, seconds: number): void;
  /** A number that is read when somebody asks for the metrics. */
  gauge(name: string, help: string, read: () => number): void;
}

const buckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Counters of this process in the Prometheus text format. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: "almanac_http_request_seconds",
    help: "Time to answer, by route group and status class",
    labelNames: ["route", "status"],
    buckets,
    registers: [registry],
  });
  const procedures = new Histogram({
    name: "almanac_procedure_seconds",
    help: "Time of one procedure",
    labelNames: ["path"],
    buckets,
    registers: [registry],
  });
  const failures = new Counter({
    name: "almanac_procedure_failures_total",
    help: "Procedures that refused or failed",
    labelNames: ["path"],
    registers: [registry],
  });
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    observeRequest(route, status, seconds) {
      requests.observe({ route, status: `${Math.floor(status / 100)}xx` }, seconds);
    },
    observeProcedure(path, ok, seconds) {
      procedures.observe({ path }, seconds);
      if (!ok) failures.inc({ path });
    },
    gauge(name, help, read) {
      new Gauge({
        name,
        help,
        registers: [registry],
        collect() {
          this.set(read());
        },
      });
    },
  };
}
