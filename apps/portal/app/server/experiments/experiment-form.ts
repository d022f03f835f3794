import { readArms } from "../../parts/experiments/arm-fields.ts";
import type { Fields } from "../request/fields.ts";
import type { Api } from "../request/person.ts";

/** A plan as the form has it: all that `admin.experiments.update` takes but the key, the namespace and the markets. */
export type TypedPlan = Omit<
  Parameters<Api["admin"]["experiments"]["update"]>[0],
  "id" | "namespace" | "marketIds"
>;

type MetricKey = TypedPlan["primaryMetric"];

/** Reads the form of an experiment; what is wrong is noted in the fields. */
export async function readPlan(api: Api, fields: Fields): Promise<TypedPlan> {
  const { all, bySurface } = await api.admin.experiments.metrics();
  const kind = fields.oneOf("kind", ["ab", "interleaving"]);
  const surface = fields.oneOf("surface", ["search", "recommendations"]);
  const plannedUnits = fields.optional("plannedUnits");
  const arms = readArms(fields);
  const sum = Math.round(1_000 * arms.reduce((total, { weight }) => total + weight, 0)) / 10;
  if (sum !== 100) fields.wrong("arm0Share", `The shares make ${sum}\u00a0%, and should make 100\u00a0%.`);
  if (kind === "interleaving" && surface !== "search")
    fields.wrong("kind", "Only the results of search can be shown as one list.");
  if (kind === "interleaving" && arms.length !== 2)
    fields.wrong("kind", "One list is made of two ways: leave the third arm empty.");
  const primaryMetric = fields.oneOf(
    "primaryMetric",
    all.map(({ key }) => key),
  ) as MetricKey;
  if (!bySurface[surface].includes(primaryMetric))
    fields.wrong("primaryMetric", `This is not measured in ${surface}.`);
  return {
    kind,
    surface,
    arms,
    primaryMetric,
    name: fields.text("name", { required: "Say what is tried." }),
    hypothesis: fields.text("hypothesis"),
    rollout: fields.decimal("rollout", { min: 0, max: 100 }) / 100,
    guardrails: bySurface[surface].flatMap((metric) => {
      const name = guardrailField(metric);
      if (fields.text(name) === "") return [];
      return [{ metric, margin: fields.decimal(name, { min: 0, max: 100 }) / 100 }];
    }),
    ...(plannedUnits && { plannedUnits: fields.whole("plannedUnits", { min: 200, max: 10_000_000 }) }),
  };
}

export function guardrailField(metric: string): string {
  return `guard_${metric}`;
}
