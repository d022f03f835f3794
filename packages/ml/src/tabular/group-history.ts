/** What was known of a row's group before the row's own time. */
export interface GroupHistory {
  /** How many features each row has. */
  readonly width: number;
  /** Row by row; NaN where the group has no such earlier row. All but the last three are in units of `scale`. */
  readonly features: Float64Array;
  /** The label of the latest earlier row; NaN where there is none. */
  readonly last: Float64Array;
  /** Mean of the latest five earlier labels, or of as many as there are. */
  readonly meanOfFive: Float64Array;
  /** Size of the group's earlier labels: the mean of their distance from zero, above 0; NaN without an earlier row. */
  readonly scale: Float64Array;
  /**
   * How far labels are expected to lie from what was said by the past: the mean error of .6 of the last label and .4 of the
   * mean of five, over the latest eight earlier rows, mixed with a tenth of `scale` as three rows. NaN without a past.
   */
  readonly usualError: Float64Array;
}

const lags = 5;
/** What stands beside the lags. */
const others = 7;
export const historyWidth = lags + others;

/**
 * The labels that came before each row within its group, strictly by time: rows of the same group and time do not see
 * each other, and a label that is NaN is not known to anybody.
 *
 * Features: the latest five labels, the mean of five, the slope over them, the mean of all, how they scatter, and then,
 * not in units of `scale`: the time since the latest one, how many there are, the logarithm of `scale`.
 *
 * @param groups one number a row; rows of one number are one group
 * @param times  one finite number a row
 */
export function readGroupHistory(
  labels: ArrayLike<number>,
  groups: ArrayLike<number>,
  times: ArrayLike<number>,
): GroupHistory {
  const count = labels.length;
  const history: GroupHistory = {
    width: historyWidth,
    features: new Float64Array(count * historyWidth).fill(NaN),
    last: new Float64Array(count).fill(NaN),
    meanOfFive: new Float64Array(count).fill(NaN),
    scale: new Float64Array(count).fill(NaN),
    usualError: new Float64Array(count).fill(NaN),
  };
  const members = Map.groupBy(
    Array.from({ length: count }, (_, row) => row),
    (row) => groups[row]!,
  );
  for (const rows of members.values()) {
    rows.sort((a, b) => times[a]! - times[b]!);
    const seen: number[] = [];
    const errors: number[] = [];
    for (let from = 0; from < rows.length;) {
      let to = from;
      while (to < rows.length && !(times[rows[to]!]! > times[rows[from]!]!)) to++;
      for (const row of rows.slice(from, to)) {
        writeRow(history, row, seen, labels, times);
        writeUsualError(history, row, errors);
      }
      for (const row of rows.slice(from, to)) {
        const error = Math.abs(labels[row]! - 0.6 * history.last[row]! - 0.4 * history.meanOfFive[row]!);
        if (!Number.isNaN(error)) errors.push(error);
      }
      seen.push(...rows.slice(from, to).filter((row) => !Number.isNaN(labels[row]!)));
      from = to;
    }
  }
  return history;
}

function writeRow(
  { features, last, meanOfFive, scale }: GroupHistory,
  row: number,
  seen: readonly number[],
  labels: ArrayLike<number>,
  times: ArrayLike<number>,
): void {
  if (seen.length === 0) return;
  const known = seen.map((earlier) => labels[earlier]!);
  const recent = known.slice(-lags);
  const size = mean(known.slice(-10).map(Math.abs)) || 1;
  const at = row * historyWidth;
  recent.toReversed().forEach((label, lag) => (features[at + lag] = label / size));
  features[at + lags] = mean(recent) / size;
  features[at + lags + 1] = slopeOf(recent) / size;
  features[at + lags + 2] = mean(known) / size;
  features[at + lags + 3] = spreadOf(recent) / size;
  features[at + lags + 4] = times[row]! - times[seen.at(-1)!]!;
  features[at + lags + 5] = known.length;
  features[at + lags + 6] = Math.log(size);
  last[row] = known.at(-1)!;
  meanOfFive[row] = mean(recent);
  scale[row] = size;
}

const usualErrorRows = 3;

function writeUsualError({ scale, usualError }: GroupHistory, row: number, errors: readonly number[]): void {
  const recent = errors.slice(-8);
  const sum = recent.reduce((total, error) => total + error, 0);
  // As many errors as there are speak for n / (n + 3) of their mean.
  const share = errors.length / (errors.length + usualErrorRows);
  const own = recent.length === 0 ? 0 : sum / recent.length;
  usualError[row] = share * own + (1 - share) * 0.1 * scale[row]!;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function spreadOf(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

/** Least squares slope a step; 0 of one value. */
function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const average = mean(values);
  let above = 0;
  let below = 0;
  values.forEach((value, at) => {
    above += (at - middle) * (value - average);
    below += (at - middle) ** 2;
  });
  return below === 0 ? 0 : above / below;
}
