import { Card, IntervalChart, type ChartedInterval } from "@almanac/ui";
import { lift } from "./experiment-words.ts";

/** Relative differences. */
export type PlottedInterval = ChartedInterval;

/** What arms differ by from control, metric by metric. */
export function IntervalPlot({
  title,
  summary = "Against control, with 95\u00a0% intervals; the line in the middle is no difference.",
  rows,
}: {
  title: string;
  summary?: string;
  rows: readonly PlottedInterval[];
}) {
  return (
    <Card>
      <IntervalChart
        title={title}
        headingLevel={2}
        summary={summary}
        labelHeader="Metric"
        detailHeader="Control and arm"
        rows={rows}
        format={lift}
      />
    </Card>
  );
}
