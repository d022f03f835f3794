import { actKinds, type ShopperHistory } from "../core/shoppers/history.ts";
import { MarketSeason, epochDay } from "../core/shoppers/season.ts";
import type { TrainingWorld } from "../core/kinds/family.ts";

/** Orders in columns, so that they go to a thread without a copy of each. Moments are milliseconds, NaN for none. */
export interface OrderColumns {
  readonly shopper: Int32Array;
  readonly market: Int32Array;
  readonly at: Float64Array;
  readonly cancelledAt: Float64Array;
  readonly cents: Float64Array;
  readonly lines: Float64Array;
}

export interface ActColumns {
  readonly shopper: Int32Array;
  readonly at: Float64Array;
  readonly knownAt: Float64Array;
  /** Position in `actKinds`. */
  readonly kind: Uint8Array;
}

/** All that a training or a night's scoring reads. Lists of columns are pages in the order of time. */
export interface PackedWorld {
  readonly until: number;
  readonly shoppers: number;
  readonly markets: readonly string[];
  readonly orders: readonly OrderColumns[];
  readonly acts: readonly ActColumns[];
  /** Days since 1970 on which something went on at a market, by market. */
  readonly activeDays: readonly (readonly number[])[];
  /** Of a farm's customers, all that they ordered from whomever. */
  readonly whole?: Pick<PackedWorld, "orders" | "activeDays">;
}

export function unpack({ whole, ...packed }: PackedWorld): TrainingWorld {
  if (!whole) return unpackOne(packed);
  return { ...unpackOne(packed), whole: unpackOne({ ...packed, ...whole, acts: [] }) };
}

function unpackOne({
  until,
  shoppers,
  markets,
  orders,
  acts,
  activeDays,
}: Omit<PackedWorld, "whole">): TrainingWorld {
  const histories = Array.from({ length: shoppers }, () => ({
    orders: [] as ShopperHistory["orders"][number][],
    acts: [] as ShopperHistory["acts"][number][],
  }));
  for (const page of orders) {
    page.at.forEach((at, row) => {
      const market = page.market[row]!;
      const cancelledAt = page.cancelledAt[row]!;
      histories[page.shopper[row]!]!.orders.push({
        at,
        ...(!Number.isNaN(cancelledAt) && { cancelledAt }),
        cents: page.cents[row]!,
        lines: page.lines[row]!,
        market: markets[market]!,
      });
    });
  }
  for (const page of acts) {
    page.at.forEach((at, row) => {
      const kind = actKinds[page.kind[row]!]!;
      histories[page.shopper[row]!]!.acts.push({ at, knownAt: page.knownAt[row]!, kind });
    });
  }
  // A phone without signal tells late, so the order of arrival is not that of time.
  for (const { acts: own } of histories) own.sort((a, b) => a.at - b.at);
  const seasons = new Map(
    markets.map((market, at) => [market, new MarketSeason(activeDays[at]!, epochDay(until))]),
  );
  return { histories, until, seasonOf: (market) => seasons.get(market)! };
}
