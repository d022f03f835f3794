import type { FarmId, ProductId } from "@almanac/kernel";
import { dayOfMonth } from "../words/dates.ts";
import type { Api } from "../request/person.ts";
import { findRefusal } from "../request/refusals.ts";

const weeks = 8;

/** How likely a product is asked for in the coming weeks, by market; empty while no model tells. */
export async function askedChances(api: Api, asked: { farmId: FarmId; productId: ProductId }) {
  try {
    const { markets } = await api.ml.season({ ...asked, weeks });
    return markets.map((market) => ({
      ...market,
      weeks: market.weeks.map((one) => ({ ...one, label: dayOfMonth(one.monday) })),
    }));
  } catch (error) {
    if (findRefusal(error)?.code === "model_not_serving") return [];
    throw error;
  }
}

export type AskedMarket = Awaited<ReturnType<typeof askedChances>>[number];
