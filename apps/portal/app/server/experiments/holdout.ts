import type { HoldoutView } from "../../parts/experiments/holdout-card.tsx";
import { metricValue } from "../../parts/experiments/experiment-words.ts";
import type { PlottedInterval } from "../../parts/experiments/interval-plot.tsx";
import { momentAt } from "../words/dates.ts";
import type { Api } from "../request/person.ts";

/** What a holdout is looked at for; the rest is on its own page. */
const shownMetrics = ["conversion", "revenue", "add_to_cart"];

/** The permanent holdout of recommendations; `undefined` where none was made. */
export async function loadHoldout(api: Api, now: Date): Promise<HoldoutView | undefined> {
  const all = await api.admin.experiments.list({ limit: 200 });
  const found = all.find(({ kind, surface }) => kind === "holdout" && surface === "recommendations");
  if (!found) return undefined;
  const { id, status: state, startedAt, hasSimulated } = found;
  const base = { id, state, hasSimulated, since: startedAt ? momentAt(startedAt, "UTC", now) : "" };
  if (state === "draft") return { ...base, isMismatch: false, shown: 0, heldOut: 0, rows: [] };
  const { exposed, ratio, comparisons, metrics, values, reference } = await api.admin.experiments.results({
    id,
  });
  const rows = shownMetrics.flatMap((key): PlottedInterval[] => {
    const metric = metrics.find((one) => one.key === key);
    if (!metric) return [];
    const relative = comparisons.find((one) => one.metric === key)?.relative ?? null;
    const [with_, without] = [false, true].map((isReference) =>
      values.find((one) => one.metric === key && (one.arm === reference) === isReference),
    );
    const written = (value: number | undefined): string =>
      value === undefined ? "–" : metricValue(value, metric.unit);
    return [
      {
        label: metric.name,
        detail: `${written(without?.value)} without, ${written(with_?.value)} with`,
        value: relative?.value ?? null,
        low: relative?.low ?? null,
        high: relative?.high ?? null,
        tone:
          !relative || (relative.low <= 0 && relative.high >= 0)
            ? "open"
            : relative.low > 0
              ? "better"
              : "worse",
      },
    ];
  });
  const shoppersOf = (isReference: boolean): number =>
    exposed
      .filter(({ arm }) => (arm === reference) === isReference)
      .reduce((sum, { shoppers }) => sum + shoppers, 0);
  return { ...base, isMismatch: ratio.isAlarm, shown: shoppersOf(false), heldOut: shoppersOf(true), rows };
}
