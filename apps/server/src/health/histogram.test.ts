import { Registry, type Metric } from "prom-client";
import { describe, expect, it } from "vitest";
import { createHistogram } from "./histogram.ts";
import { createMetrics } from "./metrics.ts";

describe("a histogram", () => {
  it("counts in buckets that hold all that is not above them, and keeps count and sum", async () => {
    const histogram = createHistogram({ name: "wait_seconds", help: "Waiting", buckets: [0.1, 1] });
    const slow = histogram.series({ route: "slow" });
    for (const value of [0.1, 0.5, 1, 7]) slow.observe(value);
    histogram.series({ route: "quick" }).observe(0.01);
    const registry = new Registry();
    registry.registerMetric(histogram as unknown as Metric);
    expect(await registry.metrics()).toBe(
      [
        "# HELP wait_seconds Waiting",
        "# TYPE wait_seconds histogram",
        'wait_seconds_bucket{le="0.1",route="slow"} 1',
        'wait_seconds_bucket{le="1",route="slow"} 3',
        'wait_seconds_bucket{le="+Inf",route="slow"} 4',
        'wait_seconds_sum{route="slow"} 8.6',
        'wait_seconds_count{route="slow"} 4',
        'wait_seconds_bucket{le="0.1",route="quick"} 1',
        'wait_seconds_bucket{le="1",route="quick"} 1',
        'wait_seconds_bucket{le="+Inf",route="quick"} 1',
        'wait_seconds_sum{route="quick"} 0.01',
        'wait_seconds_count{route="quick"} 1',
        "",
      ].join("\n"),
    );
  });

  it("is shown among the server's figures, by route and class of status, and by procedure", async () => {
    const metrics = createMetrics();
    metrics.observeRequest("page", 404, 0.02);
    metrics.requestObserver("trpc")(200, 0.001);
    metrics.observeProcedure("cart.view", false, 0.3);
    let shed = 1;
    metrics.total("shed_total", "Counted elsewhere", () => Promise.resolve(shed));
    expect(await metrics.text()).toContain("\nshed_total 1\n");
    shed = 3;
    const text = await metrics.text();
    expect(text).toContain("# TYPE shed_total counter\nshed_total 3\n");
    expect(text).toContain('almanac_http_request_seconds_count{route="page",status="4xx"} 1');
    expect(text).toContain('almanac_http_request_seconds_bucket{le="0.002",route="trpc",status="2xx"} 1');
    expect(text).toContain('almanac_procedure_seconds_sum{path="cart.view"} 0.3');
    expect(text).toContain('almanac_procedure_failures_total{path="cart.view"} 1');
  });
});
