import { PlotFrame, PlotShell } from "./plot-frame.tsx";
import type { LegendItem, PlotMark, PlotText } from "./plot-frame.tsx";
import { written } from "./line-chart.tsx";
import { bandPath, linePath, niceScale, plotPoints } from "./scale.ts";

export interface FanHistoryPoint {
  label: string;
  value: number | null;
  /** Sold out: the demand was at least this. Marked with a ring. */
  soldOut?: boolean;
  /** Far from what was expected, in a few words. Marked with a dot. */
  unusual?: string;
}

export interface FanForecastPoint {
  label: string;
  mean: number;
  lo80: number;
  hi80: number;
  lo95?: number;
  hi95?: number;
}

export interface FanChartProps extends PlotText {
  history: readonly FanHistoryPoint[];
  forecast: readonly FanForecastPoint[];
  format?: (value: number) => string;
  labelHeader?: string;
}

/** What was sold, and what is expected, as a fan: half-dark for 8 days of 10, light for 19 of 20. */
export function FanChart({
  history,
  forecast,
  format = String,
  labelHeader = "Day",
  ...text
}: FanChartProps) {
  const last = history[history.length - 1];
  const blank = history.slice(0, -1).map(() => null);
  // The fan opens at the last known value, so that it is joined to the history.
  const from = (pick: (point: FanForecastPoint) => number | undefined): (number | null)[] => [
    ...blank,
    ...(last ? [last.value] : []),
    ...forecast.map((point) => pick(point) ?? null),
  ];
  const past = [...history.map((point) => point.value), ...forecast.map(() => null)];
  const scale = niceScale([
    ...history.flatMap((point) => point.value ?? []),
    ...forecast.flatMap((point) => [point.lo95 ?? point.lo80, point.hi95 ?? point.hi80]),
  ]);
  const place = (values: readonly (number | null)[]) => plotPoints(values, scale);
  const wide = forecast.some((point) => point.hi95 !== undefined);
  const now = (Math.max(0, history.length - 1) / Math.max(1, past.length - 1)) * 100;
  return (
    <PlotShell
      {...text}
      legend={legendOf(history, wide)}
      table={{
        columns: [labelHeader, "Sold", "Expected", "8 days of 10", ...(wide ? ["19 days of 20"] : [])],
        rows: [
          ...history.map((point) => [unbroken(point.label), historyWords(point, format)]),
          ...forecast.map((point) => [
            unbroken(point.label),
            "",
            format(point.mean),
            `${format(point.lo80)} to ${format(point.hi80)}`,
            ...(wide && point.lo95 !== undefined && point.hi95 !== undefined
              ? [`${format(point.lo95)} to ${format(point.hi95)}`]
              : []),
          ]),
        ],
      }}
    >
      <PlotFrame
        scale={scale}
        format={format}
        xLabels={[...history, ...forecast].map((point) => point.label)}
        marks={historyMarks(history, place(past), format)}
      >
        <path
          className="plot__band series-1"
          d={bandPath(place(from((p) => p.hi95)), place(from((p) => p.lo95)))}
        />
        <path
          className="plot__band plot__band--inner series-1"
          d={bandPath(place(from((p) => p.hi80)), place(from((p) => p.lo80)))}
        />
        <line className="plot__now" x1={now} x2={now} y1="0" y2="100" />
        <path className="plot__line series-1 plot__line--dashed" d={linePath(place(from((p) => p.mean)))} />
        <path className="plot__line series-4" d={linePath(place(past))} />
      </PlotFrame>
    </PlotShell>
  );
}

/** A day stays on one line where the table is narrow. */
const unbroken = (label: string): string => label.replaceAll(" ", "\u00a0");

function legendOf(history: readonly FanHistoryPoint[], wide: boolean): LegendItem[] {
  return [
    { label: "sold", colour: 4 },
    { label: "expected", colour: 1 },
    { label: wide ? "8 days of 10, 19 of 20" : "8 days of 10", colour: 1, shape: "box" },
    ...(history.some((point) => point.soldOut)
      ? [{ label: "sold out: at least", colour: 2, shape: "ring" } as const]
      : []),
    ...(history.some((point) => point.unusual !== undefined && point.value !== null)
      ? [{ label: "unusual", colour: 2, shape: "dot" } as const]
      : []),
  ];
}

function historyWords(
  { value, soldOut, unusual }: FanHistoryPoint,
  format: (value: number) => string,
): string {
  const sold = written(value, format);
  const words = soldOut ? `at least ${sold} (sold out)` : sold;
  return unusual === undefined ? words : `${words} (${unusual})`;
}

function historyMarks(
  history: readonly FanHistoryPoint[],
  points: ReturnType<typeof plotPoints>,
  format: (value: number) => string,
): PlotMark[] {
  return history.flatMap((point, index): PlotMark[] => {
    const at = points[index];
    if (!at) return [];
    if (point.unusual !== undefined)
      return [
        { ...at, colour: 2, title: `${point.label}: ${written(point.value, format)}, ${point.unusual}` },
      ];
    return point.soldOut
      ? [{ ...at, open: true, title: `${point.label}: sold out at ${written(point.value, format)}` }]
      : [];
  });
}
