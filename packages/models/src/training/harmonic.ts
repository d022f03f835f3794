import { fitLogisticRegression } from "@almanac/ml";
import { isWeekKnown, type DemandWeeks } from "../core/seasons/demand-weeks.ts";
import { wavesAt, type Waves } from "../core/seasons/season-model.ts";

const columns = Int32Array.of(0, 1, 2, 3);
/** Holds the waves of a short series near none. */
const ridge = 1;

/** Logistic regression on one and two waves a year, over all known weeks of the series together. */
export function fitHarmonic(series: readonly DemandWeeks[]): Waves {
  const labels: number[] = [];
  const values: number[] = [];
  for (const one of series)
    one.isAsked.forEach((label, at) => {
      if (!isWeekKnown(one, at)) return;
      labels.push(label);
      values.push(...wavesAt(one.firstWeek + at));
    });
  const rows = {
    width: columns.length,
    offsets: Int32Array.from({ length: labels.length + 1 }, (_, at) => columns.length * at),
    index: Int32Array.from(values, (_, at) => at % columns.length),
    value: Float32Array.from(values),
  };
  const { intercept, weights } = fitLogisticRegression(rows, labels, ridge);
  return [intercept, weights[0]!, weights[1]!, weights[2]!, weights[3]!];
}
