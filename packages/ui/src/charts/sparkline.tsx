import { linePath, niceScale, plotPoints } from "./scale.ts";

export interface SparklineProps {
  values: readonly (number | null)[];
  /** What it shows, in words: "Sales of the last 8 Saturdays, rising". */
  label: string;
  fromZero?: boolean;
}

/** A line without axes, for beside a number. */
export function Sparkline({ values, label, fromZero = false }: SparklineProps) {
  const known = values.filter((value) => value !== null);
  const scale = fromZero ? niceScale(known) : { min: Math.min(...known, 0), max: Math.max(...known, 1) };
  return (
    <svg
      className="sparkline series-1"
      viewBox="0 0 100 100"
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path className="plot__line" d={linePath(plotPoints(values, scale))} />
    </svg>
  );
}
