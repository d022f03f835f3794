import { PlotFrame, PlotShell } from "./plot-frame.tsx";
import type { PlotMark, PlotText, SeriesColour } from "./plot-frame.tsx";
import { linePath, niceScale, plotPoints } from "./scale.ts";

export interface LineSeries {
  label: string;
  /** One per label; `null` breaks the line. */
  values: readonly (number | null)[];
  colour?: SeriesColour;
  dashed?: boolean;
}

export interface LineChartProps extends PlotText {
  labels: readonly string[];
  series: readonly LineSeries[];
  /** How a value is written, with its unit: "12 kg". */
  format?: (value: number) => string;
  /** Header of the first column of the table: "Day". */
  labelHeader?: string;
  /** Off for what never comes near zero, such as a temperature. */
  fromZero?: boolean;
}

/** Lines over time. */
export function LineChart(props: LineChartProps) {
  const { labels, series, format = String, labelHeader = "", fromZero = true, ...text } = props;
  const scale = niceScale(
    series.flatMap((line) => line.values.filter((value) => value !== null)),
    4,
    fromZero,
  );
  const colourOf = (line: LineSeries, index: number): SeriesColour =>
    line.colour ?? colourCycle[index % colourCycle.length] ?? 1;
  return (
    <PlotShell
      {...text}
      legend={
        series.length > 1 ? series.map((line, k) => ({ label: line.label, colour: colourOf(line, k) })) : []
      }
      table={{
        columns: [labelHeader, ...series.map((line) => line.label)],
        rows: labels.map((label, k) => [label, ...series.map((line) => written(line.values[k], format))]),
      }}
    >
      <PlotFrame
        scale={scale}
        format={format}
        xLabels={labels}
        marks={lastPoints(series, scale, format, colourOf)}
      >
        {series.map((line, k) => (
          <path
            key={line.label}
            className={`plot__line series-${colourOf(line, k)}${line.dashed ? " plot__line--dashed" : ""}`}
            d={linePath(plotPoints(line.values, scale))}
          />
        ))}
      </PlotFrame>
    </PlotShell>
  );
}

const colourCycle: readonly SeriesColour[] = [1, 2, 3, 4];

/** The newest value of each line, where the eye looks first. */
function lastPoints(
  series: readonly LineSeries[],
  scale: { min: number; max: number },
  format: (value: number) => string,
  colourOf: (line: LineSeries, index: number) => SeriesColour,
): PlotMark[] {
  return series.flatMap((line, k) => {
    const points = plotPoints(line.values, scale);
    const last = points.findLastIndex((point) => point !== undefined);
    const point = points[last];
    return point
      ? [
          {
            ...point,
            title: `${line.label}: ${written(line.values[last], format)}`,
            colour: colourOf(line, k),
          },
        ]
      : [];
  });
}

export function written(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? "–" : format(value);
}
