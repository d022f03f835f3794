import type { CSSProperties } from "react";
import { classNames } from "../components/class-names.ts";
import { PlotShell } from "./plot-frame.tsx";
import type { PlotText, SeriesColour } from "./plot-frame.tsx";
import { shareOn } from "./scale.ts";

export interface Bar {
  label: string;
  value: number;
  /** An interval around the value, such as that of a lift. */
  lower?: number;
  upper?: number;
  colour?: SeriesColour;
}

export interface BarChartProps extends PlotText {
  bars: readonly Bar[];
  format?: (value: number) => string;
  labelHeader?: string;
  valueHeader?: string;
}

type Placed = CSSProperties & { "--from"?: number; "--size"?: number; "--x"?: number };

/** Lying bars with their labels and values; an interval is drawn over its bar, and zero is always there. */
export function BarChart({
  bars,
  format = String,
  labelHeader = "",
  valueHeader = "Value",
  ...text
}: BarChartProps) {
  const ends = bars.flatMap((bar) => [bar.value, bar.lower ?? bar.value, bar.upper ?? bar.value]);
  const scale = { min: Math.min(0, ...ends), max: Math.max(0, ...ends) || 1 };
  const percent = (value: number) => shareOn(scale, value) * 100;
  const span = (from: number, to: number): Placed => ({
    "--from": percent(Math.min(from, to)),
    "--size": Math.abs(percent(to) - percent(from)),
  });
  const zero: Placed = { "--x": percent(0) };
  const intervals = bars.some((bar) => bar.lower !== undefined);
  return (
    <PlotShell
      {...text}
      table={{
        columns: [labelHeader, valueHeader, ...(intervals ? ["Interval"] : [])],
        rows: bars.map((bar) => [
          bar.label,
          format(bar.value),
          ...(intervals ? [intervalText(bar, format)] : []),
        ]),
      }}
    >
      <div className="bars" aria-hidden>
        {bars.map((bar) => (
          <div key={bar.label} className="bars__row">
            <span>{bar.label}</span>
            <span className="bars__track">
              <span
                className={classNames(
                  "bars__fill",
                  bar.lower !== undefined && "bars__fill--behind",
                  `series-${bar.colour ?? 1}`,
                )}
                style={span(0, bar.value)}
              />
              {bar.lower !== undefined && bar.upper !== undefined && (
                <span className="bars__interval" style={span(bar.lower, bar.upper)} />
              )}
              <span className="bars__zero" style={zero} />
            </span>
            <span className="bars__value">{format(bar.value)}</span>
          </div>
        ))}
      </div>
    </PlotShell>
  );
}

function intervalText(bar: Bar, format: (value: number) => string): string {
  return bar.lower === undefined || bar.upper === undefined
    ? ""
    : `${format(bar.lower)} to ${format(bar.upper)}`;
}
