import type { CSSProperties } from "react";
import { classNames } from "../components/class-names.ts";
import { PlotShell } from "./plot-frame.tsx";
import type { PlotText } from "./plot-frame.tsx";
import { niceScale, shareOn } from "./scale.ts";

export interface ChartedInterval {
  label: string;
  /** What it was told from; stands in the table. */
  detail: string;
  /** The difference and what it may be; `null` where nothing can be said yet. */
  value: number | null;
  low: number | null;
  high: number | null;
  /** "open" where zero lies within the interval. */
  tone: "better" | "worse" | "open";
}

export interface IntervalChartProps extends PlotText {
  rows: readonly ChartedInterval[];
  format: (value: number) => string;
  labelHeader?: string;
  detailHeader?: string;
  /** In place of an interval that cannot be told yet. */
  unknown?: string;
}

type Placed = CSSProperties & { "--from"?: number; "--size"?: number; "--x"?: number };

/**
 * Differences with what they may be, one above the other around zero. An end beyond twice the size of nothing, `reach` =
 * 2, is cut off at the edge; its number is not. Below the width of a tablet a label stands above its interval.
 */
export function IntervalChart({
  rows,
  format,
  labelHeader = "",
  detailHeader = "Told from",
  unknown = "too early",
  ...text
}: IntervalChartProps) {
  const { reach, ticks } = axisOf(rows);
  const percent = (value: number): number =>
    100 * shareOn({ min: -reach, max: reach }, Math.max(-reach, Math.min(reach, value)));
  const interval = ({ low, high }: ChartedInterval): string =>
    low === null || high === null ? unknown : `${format(low)} to ${format(high)}`;
  const written = ({ value }: ChartedInterval): string => (value === null ? "–" : format(value));
  return (
    <PlotShell
      {...text}
      table={{
        columns: [labelHeader, "Difference", "May be", detailHeader],
        rows: rows.map((row) => [row.label, written(row), interval(row), row.detail]),
      }}
    >
      <div className="intervals" aria-hidden>
        <div className="intervals__row intervals__row--axis">
          <span className="intervals__track">
            {ticks.map((tick) => (
              <span key={tick} className="intervals__tick" style={{ "--x": percent(tick) } as Placed}>
                {format(tick)}
              </span>
            ))}
          </span>
        </div>
        {rows.map((row) => (
          <div key={row.label} className={classNames("intervals__row", `intervals__row--${row.tone}`)}>
            <span className="intervals__label">{row.label}</span>
            <span className="intervals__track">
              {ticks.map((tick) => (
                <span
                  key={tick}
                  className={classNames("intervals__line", tick === 0 && "intervals__line--zero")}
                  style={{ "--x": percent(tick) } as Placed}
                />
              ))}
              {row.value !== null && row.low !== null && row.high !== null && (
                <>
                  <span
                    className="intervals__bar"
                    style={
                      {
                        "--from": percent(row.low),
                        "--size": percent(row.high) - percent(row.low),
                      } as Placed
                    }
                  />
                  <span className="intervals__dot" style={{ "--x": percent(row.value) } as Placed} />
                </>
              )}
            </span>
            <span className="intervals__value">
              {row.value === null ? unknown : written(row)}
              {row.value !== null && <span className="intervals__may-be">{interval(row)}</span>}
            </span>
          </div>
        ))}
      </div>
    </PlotShell>
  );
}

/** Even on both sides of zero, to the next round number, from a tenth to two; both ends, the halves and zero. */
function axisOf(rows: readonly ChartedInterval[]): { reach: number; ticks: readonly number[] } {
  const ends = rows.flatMap(({ low, high }) => (low === null || high === null ? [] : [low, high]));
  const widest = Math.min(2, Math.max(0.1, ...ends.map(Math.abs)));
  const reach = niceScale([widest], 2).max;
  return { reach, ticks: [-reach, -reach / 2, 0, reach / 2, reach] };
}
