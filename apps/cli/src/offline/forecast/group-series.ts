import type { PanelSeries } from "@almanac/forecasting";
import { inputError } from "../files/input-error.ts";
import type { ObjectLine } from "./read-series.ts";

/** A group of series and their sum. */
export interface SeriesGroup {
  readonly series: PanelSeries;
  /** Indexes of the series that it sums. */
  readonly members: readonly number[];
}

/**
 * The groups of every key (`a+b` groups by both together), and the total last. Groups of a single series are left out: they add nothing.
 *
 * @param series all with the same horizon, ending in the same period
 * @param objects the lines they came from
 * @throws AppError `input_invalid` where a line lacks a key or has another horizon
 */
export function groupSeries(
  series: readonly PanelSeries[],
  objects: readonly ObjectLine[],
  keys: readonly string[],
  file: string,
): SeriesGroup[] {
  const horizon = series[0]!.horizon;
  series.forEach((one, i) => {
    if (one.horizon !== horizon) throw inputError(`"h" must be ${horizon} as above`, file, objects[i]!.line);
  });
  const everywhere = series.map((_, i) => i);
  const named = keys.flatMap((key) => {
    const parts = key.split("+");
    const byValue = Map.groupBy(everywhere, (i) =>
      parts.map((part) => valueOf(objects[i]!, part, file)).join("+"),
    );
    return [...byValue].map(([value, members]) => ({ id: `${key}=${value}`, members }));
  });
  return [...named.filter(({ members }) => members.length > 1), { id: "total", members: everywhere }].map(
    ({ id, members }) => ({
      members,
      series: summed(
        id,
        members.map((i) => series[i]!),
        horizon,
      ),
    }),
  );
}

function valueOf({ row, line }: ObjectLine, key: string, file: string): string {
  const value = row[key];
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw inputError(`has no "${key}" to group by`, file, line);
}

/** The sum, aligned at the end; a gap where any member that has begun has one. */
function summed(id: string, members: readonly PanelSeries[], horizon: number): PanelSeries {
  const length = Math.max(...members.map(({ values }) => values.length));
  const values: (number | null)[] = Array.from({ length }, () => 0);
  for (const member of members) {
    const lead = length - member.values.length;
    for (let t = lead; t < length; t++) {
      const value = member.values[t - lead];
      const sum = values[t];
      values[t] = typeof value === "number" && typeof sum === "number" ? sum + value : null;
    }
  }
  return { id, values, season: members[0]!.season, horizon };
}
