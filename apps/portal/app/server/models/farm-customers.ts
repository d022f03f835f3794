import type { SerializeFrom } from "@remix-run/node";
import { customersView, groupsView } from "./customer-words.ts";
import { momentAt } from "../words/dates.ts";
import { farmLoader } from "../request/handlers.ts";

/** What a farm's shoppers are worth to it, and which model tells it. */
export const farmCustomersLoader = farmLoader(async ({ api, farm, timeZone, now }) => {
  const [told, model, zone] = await Promise.all([
    api.farmCustomers.value({ farmId: farm.id }),
    api.ml.farm({ farmId: farm.id }),
    timeZone(),
  ]);
  return {
    prices: `/portal/farms/${farm.slug}/prices`,
    view: customersView(told) ?? null,
    isOwn: told.ownVersion !== undefined,
    groups: model.outlook?.groups ? groupsView(model.outlook.groups) : null,
    model: {
      serving: model.serving,
      champion: model.champion,
      challenger: model.challenger,
      versions: model.versions,
      runs: model.runs.map((run) => ({ ...run, requestedAt: momentAt(run.requestedAt, zone, now) })),
    },
    asOf: told.computedAt === null ? null : momentAt(told.computedAt, zone, now),
  };
});

export type FarmCustomers = SerializeFrom<typeof farmCustomersLoader>;
