import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { BarChart, FanChart, IntervalChart, LineChart, Sparkline } from "../index.ts";
import { bandPath, linePath, niceScale, plotPoints, shareOn } from "./scale.ts";

describe("a scale", () => {
  it.each([
    [
      [38, 66],
      [0, 20, 40, 60, 80],
    ],
    [
      [0, 1],
      [0, 0.5, 1],
    ],
    [
      [-10, 27],
      [-10, 0, 10, 20, 30],
    ],
    [
      [0.02, 0.047],
      [0, 0.02, 0.04, 0.06],
    ],
  ])("covers %j with round steps", (values, ticks) => {
    expect(niceScale(values).ticks).toEqual(ticks);
  });

  it("has a width for data that has none, and for no data", () => {
    for (const values of [[], [0], [5, 5], [Number.NaN]]) {
      const { min, max } = niceScale(values);
      expect(max).toBeGreaterThan(min);
    }
  });

  it("contains every value, from 0 at the foot to 1 at the top", () => {
    const values = [3, -7.2, 18.4, 0.01];
    const scale = niceScale(values);
    for (const value of values) {
      expect(shareOn(scale, value)).toBeGreaterThanOrEqual(0);
      expect(shareOn(scale, value)).toBeLessThanOrEqual(1);
    }
  });
});

describe("a line", () => {
  const scale = { min: 0, max: 10 };

  it("breaks where a value is missing", () => {
    expect(linePath(plotPoints([0, 10, null, 5, 0], scale))).toBe("M0 100L25 0M75 50L100 100");
  });

  it("bounds a band only where both edges are known", () => {
    expect(bandPath(plotPoints([10, 10, null], scale), plotPoints([0, 0, 0], scale))).toBe(
      "M0 0L50 0L50 100L0 100Z",
    );
    expect(bandPath([undefined], [undefined])).toBe("");
  });
});

describe("a plot", () => {
  it("has a table with the same numbers behind it", () => {
    const line = renderToStaticMarkup(
      <LineChart
        title="Orders"
        labels={["Mon", "Tue"]}
        series={[{ label: "orders", values: [4, null] }]}
        format={(v) => `${v} pcs`}
      />,
    );
    expect(line).toMatch(/<details class="plot__table">.*4 pcs.*–.*<\/details>/s);

    const bars = renderToStaticMarkup(
      <BarChart title="Lift" bars={[{ label: "A", value: 2, lower: -1, upper: 5 }]} />,
    );
    expect(bars).toContain("-1 to 5");
  });

  it("writes an interval that leaves the plot whole, and says where nothing can be told yet", () => {
    const drawn = renderToStaticMarkup(
      <IntervalChart
        title="Against control"
        format={(value) => `${value}x`}
        rows={[
          { label: "Orders", detail: "1, 9", value: 8, low: -3, high: 19, tone: "open" },
          { label: "Carts", detail: "0, 0", value: null, low: null, high: null, tone: "open" },
        ]}
      />,
    );
    expect(drawn).toContain("-3x to 19x");
    expect(drawn).toMatch(/--from:0;--size:100/);
    expect(drawn).toMatch(/Carts.*too early/);
    expect(drawn.match(/intervals__dot/g)).toHaveLength(1);
  });

  it("says that a sold-out day is a lower bound, not a demand", () => {
    const fan = renderToStaticMarkup(
      <FanChart
        title="Tomatoes"
        history={[{ label: "9 Aug", value: 60, soldOut: true }]}
        forecast={[{ label: "16 Aug", mean: 68, lo80: 58, hi80: 78 }]}
      />,
    );
    expect(fan).toContain("at least 60 (sold out)");
    expect(fan).toContain("58 to 78");
    expect(fan).toContain("16\u00a0Aug</th>");
  });

  it("folds its numbers in as a table, unless the page has one of its own", () => {
    const bars = [{ label: "control", value: 3 }];
    expect(renderToStaticMarkup(<BarChart title="Arms" bars={bars} />)).toContain("As a table");
    expect(renderToStaticMarkup(<BarChart title="Arms" bars={bars} hasOwnTable />)).not.toContain("<table");
  });

  it("draws what has no data without failing", () => {
    expect(renderToStaticMarkup(<Sparkline values={[]} label="No sales yet" />)).toContain("No sales yet");
    expect(renderToStaticMarkup(<FanChart title="New" history={[]} forecast={[]} />)).toContain("plot");
    expect(renderToStaticMarkup(<BarChart title="New" bars={[]} />)).toContain("plot");
  });
});
