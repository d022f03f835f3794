import { collectDefaultMetrics, Counter, Gauge, Registry, type Metric } from "prom-client";
import { createHistogram } from "./histogram.ts";

export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  observeRequest(route: string, status: number, seconds: number): void;
  /** The same for one route. */
  requestObserver(route: string): (status: number, seconds: number) => void;
  readonly observeProcedure: (path: string, ok: boolean, seconds: number) => void;
  /** A number that is read when somebody asks for the metrics. */
  gauge(name: string, help: string, read: () => number): void;
  /** A count that is kept elsewhere, such as one over all processes, read when somebody asks for the metrics. */
  total(name: string, help: string, read: () => Promise<number>): void;
}

const buckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Counters of this process in the Prometheus text format. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = createHistogram({
    name: "almanac_http_request_seconds",
    help: "Time to answer, by route group and status class",
    buckets,
  });
  const procedures = createHistogram({
    name: "almanac_procedure_seconds",
    help: "Time of one procedure over HTTP",
    buckets,
  });
  // The registry asks of a metric no more than its name and its values.
  for (const metric of [requests, procedures]) registry.registerMetric(metric as unknown as Metric);
  const failures = new Counter({
    name: "almanac_procedure_failures_total",
    help: "Procedures that refused or failed",
    labelNames: ["path"],
    registers: [registry],
  });
  const requestObserver = (route: string): ((status: number, seconds: number) => void) => {
    const byClass = [1, 2, 3, 4, 5].map((n) => requests.series({ route, status: `${n}xx` }));
    return (status, seconds) => byClass[Math.floor(status / 100) - 1]?.observe(seconds);
  };
  const requestObservers = new Map<string, ReturnType<typeof requestObserver>>();
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    requestObserver,
    observeRequest(route, status, seconds) {
      let observe = requestObservers.get(route);
      if (!observe) requestObservers.set(route, (observe = requestObserver(route)));
      observe(status, seconds);
    },
    observeProcedure(path, ok, seconds) {
      procedures.series({ path }).observe(seconds);
      if (!ok) failures.inc({ path });
    },
    total(name, help, read) {
      new Counter({
        name,
        help,
        registers: [registry],
        async collect() {
          const count = await read();
          this.reset();
          this.inc(count);
        },
      });
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
