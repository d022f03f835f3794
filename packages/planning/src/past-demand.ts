import { addCalendarDays, atMarketTime, type FarmId, type MarketId, type ProductId } from "@almanac/kernel";
import type { Queryable } from "@almanac/db";
import { absentDays, type Absence, type Offered } from "./core/absences.ts";
import {
  demandHistories,
  type DaySales,
  type DemandHistory,
  type ListedProduct,
  type MarketDay,
} from "./core/demand-history.ts";
import { listAbsences } from "./store/absences.ts";
import { absencesOf, marketDaysOf, salesOf } from "./core/ledger.ts";
import { readFarmLedgers, readWindows } from "./farm-ledgers.ts";
import { listMarketPlaces, readSalesOf, type MarketPlace } from "./store/demand.ts";
import { listSlips } from "./store/unusual-days.ts";

export interface DemandQuestion {
  readonly since: Date;
  readonly now: Date;
  /** One farm's alone. */
  readonly farmId?: FarmId;
  /** In the order of their ids. */
  readonly products: readonly ListedProduct[];
  /** Products at markets that are looked at for having been there, beside those with a sale. */
  readonly offered?: readonly Offered[];
}

/** What past market days tell of demand, and which of them tell nothing. */
export interface PastDemand {
  /** Market days that are over. */
  readonly past: readonly MarketDay[];
  /** Market days that are not over, whether one can still order for them or not. */
  readonly coming: readonly MarketDay[];
  readonly places: ReadonlyMap<MarketId, MarketPlace>;
  readonly sales: readonly DaySales[];
  readonly absences: ReadonlyMap<ProductId, readonly Absence[]>;
  /** Days on which there was nothing to sell, by `dayKey`. */
  readonly absent: ReadonlySet<string>;
  /** Days that tell nothing of demand, by `dayKey`: `absent` ones, and those whose sales the farm says were entered wrongly. */
  readonly unknown: ReadonlySet<string>;
  /** Every product at every market where it was sold, over the days that are over; `null` on those that tell nothing. */
  readonly histories: readonly DemandHistory[];
}

/**
 * Sales as a series of market days, for all who learn from them: the one place where a day with nothing to sell and a day on
 * which nobody wanted anything are told apart. Until a market day is over its demand is not known, as walk-ins are still to come.
 */
export async function readPastDemand(
  db: Queryable,
  { since, now, farmId, products, offered = [] }: DemandQuestion,
): Promise<PastDemand> {
  const [places, slips, { marketDays, absences, sales }] = await Promise.all([
    listMarketPlaces(db),
    listSlips(db, farmId),
    farmId ? readOfFarm(db, farmId, products, { since, now }) : readOfAll(db, products, { since, now }),
  ]);
  const today = now.toISOString().slice(0, 10);
  const past = marketDays.past.filter(({ day }) => day < today);
  const dayAfter = new Map(past.map(({ day }) => [day, addCalendarDays(day, 1)]));
  const endOf = ({ marketId, day }: MarketDay): number =>
    atMarketTime(dayAfter.get(day)!, 0, 0, places.get(marketId)?.timeZone ?? "UTC").getTime();
  const absent = absentDays(past, sales, { absences, endOf, offered });
  const unknown = new Set([...slips, ...absent]);
  return {
    past,
    coming: [...marketDays.past.filter(({ day }) => day >= today), ...marketDays.coming],
    places,
    sales,
    absences,
    absent,
    unknown,
    histories: demandHistories(products, past, sales, unknown),
  };
}

type Read = Pick<PastDemand, "absences" | "sales"> & {
  readonly marketDays: { readonly past: readonly MarketDay[]; readonly coming: readonly MarketDay[] };
};

interface Period {
  readonly since: Date;
  readonly now: Date;
}

async function readOfAll(db: Queryable, products: readonly ListedProduct[], period: Period): Promise<Read> {
  const [windows, absences, sales] = await Promise.all([
    readWindows(db, period),
    listAbsences(db, period),
    readSalesOf(db, products, period),
  ]);
  return { marketDays: marketDaysOf(windows, period), absences, sales };
}

/** What is remembered of a farm's products, or of the only one that is asked for. */
async function readOfFarm(
  db: Queryable,
  farmId: FarmId,
  products: readonly ListedProduct[],
  period: Period,
): Promise<Read> {
  const [first, ...others] = products;
  const only = first && others.length === 0 && { productIds: [first.productId] };
  const { windows, ledgers } = await readFarmLedgers(db, { farmId, ...period, ...only });
  return {
    marketDays: marketDaysOf(windows, period),
    absences: new Map(
      products.flatMap(({ productId }) => {
        const own = ledgers.get(productId);
        const found = own ? absencesOf(own, period) : [];
        return found.length > 0 ? [[productId, found] as const] : [];
      }),
    ),
    sales: [...ledgers.values()].flatMap((own) => salesOf(own, period)),
  };
}
