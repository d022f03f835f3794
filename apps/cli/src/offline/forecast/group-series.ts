import { prepare } from "@almanac/forecasting";
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
 * @throws AppError `input_invalid` where a line lacks a key, has another horizon or a group's id, and where a sum is not finite
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
  const groups = [...named.filter(({ members }) => members.length > 1), { id: "total", members: everywhere }];
  const ids = new Set(groups.map(({ id }) => id));
  const taken = series.findIndex(({ id }) => ids.has(id));
  if (taken >= 0) {
    const id = JSON.stringify(series[taken]!.id);
    throw inputError(
      `has the id ${id}, which is that of a group: call it something else`,
      file,
      objects[taken]!.line,
    );
  }
  return groups.map(({ id, members }) => ({
    members,
    series: summed(
      id,
      members.map((i) => series[i]!),
      horizon,
      file,
    ),
  }));
}

function valueOf({ row, line }: ObjectLine, key: string, file: string): string {
  const value = row[key];
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw inputError(`has no "${key}" to group by`, file, line);
}

/**
 * The sum, aligned at the end, of the members that have begun: those whose first value was seen. Gaps of a member are filled
 * as its own forecast fills them; what nothing was seen of is a gap of the sum.
 */
function summed(id: string, members: readonly PanelSeries[], horizon: number, file: string): PanelSeries {
  const length = Math.max(...members.map(({ values }) => values.length));
  const sums = new Float64Array(length);
  const isSeen = new Uint8Array(length);
  for (const member of members) {
    const history = prepare(member);
    if (!history) continue;
    const lead = length - history.values.length;
    const given = member.values.length - history.values.length;
    history.values.forEach((filled, k) => {
      const isOwn = history.observed[k] === 1;
      sums[lead + k]! += isOwn ? member.values[given + k]! : filled * history.scale;
      if (isOwn) isSeen[lead + k] = 1;
    });
  }
  const values = Array.from(sums, (sum, t) => (isSeen[t] === 1 ? sum : null));
  if (values.some((value) => value !== null && !Number.isFinite(value))) {
    throw inputError(
      `holds values whose sum for ${JSON.stringify(id)} is beyond any number: use a larger unit`,
      file,
    );
  }
  return { id, values, season: members[0]!.season, horizon };
}
