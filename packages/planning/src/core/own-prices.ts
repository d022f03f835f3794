/** A price that a farm has planned for the way that a product is mostly sold. */
export interface PriceAhead {
  readonly priceCents: number;
  readonly startsAt: Date;
  /** When what was asked before is asked again; `null` where the price stays. */
  readonly endsAt: Date | null;
  /** It holds now, and this was asked before; `null` where it is to come. */
  readonly beforeCents: number | null;
}

/** The price of the way that a product is mostly sold: now, before each change, and as it is planned. */
export interface OwnPrice {
  readonly priceCents: number;
  /** Oldest first. */
  readonly changes: readonly { readonly at: Date; readonly beforeCents: number }[];
  /** Earliest first. */
  readonly ahead: readonly PriceAhead[];
}

/** When those who buy for a market day see its price. */
export interface BuyingTimes {
  /** The last moment before ordering closed, in ms since 1970: what those who ordered mostly saw. */
  readonly ordersUntil: number;
  /** While the market is open: what walk-ins are asked. */
  readonly walkInsAt: number;
}

/** What is asked for a product on a market day. */
export interface DayPrice {
  /** Cents, the mean of what those who order and those who walk in are asked, by what they buy; NaN where it costs nothing. */
  readonly cents: number;
  /** A plan that moves it; `undefined` where none does. */
  readonly planned?: PlannedDay;
}

export interface PlannedDay {
  readonly cents: number;
  /** Who pays it: everybody, those who order before the day, or walk-ins on the day itself. */
  readonly who: "all" | "orders" | "walk-ins";
}

/**
 * What is asked on a market day: those who order see the price before ordering closes, walk-ins that of the day itself. The mean
 * is of logarithms, as that is how prices move demand. Of a day to come it is what is planned, else the price as it is set now.
 *
 * @param walkInShare 0 to 1, of what is sold of the product on a market day
 */
export function priceOn(
  own: OwnPrice,
  { ordersUntil, walkInsAt }: BuyingTimes,
  walkInShare: number,
): DayPrice {
  const ordered = priceAt(own, ordersUntil);
  const walked = priceAt(own, walkInsAt);
  const cents =
    ordered.cents === walked.cents
      ? ordered.cents
      : ordered.cents > 0 && walked.cents > 0
        ? Math.exp((1 - walkInShare) * Math.log(ordered.cents) + walkInShare * Math.log(walked.cents))
        : NaN;
  const planned = plannedOf(ordered, walked);
  return { cents: cents > 0 ? cents : NaN, ...(planned && { planned }) };
}

interface PriceThen {
  readonly cents: number;
  readonly isPlanned: boolean;
}

function plannedOf(ordered: PriceThen, walked: PriceThen): PlannedDay | undefined {
  if (ordered.isPlanned && ordered.cents === walked.cents) return { cents: ordered.cents, who: "all" };
  if (ordered.isPlanned) return { cents: ordered.cents, who: "orders" };
  return walked.isPlanned ? { cents: walked.cents, who: "walk-ins" } : undefined;
}

/** What is asked at a moment to come: what is planned, else the price as it is set now. */
export function priceAheadAt(own: Pick<OwnPrice, "priceCents" | "ahead">, at: Date): number {
  return priceAt({ ...own, changes: [] }, at.getTime()).cents;
}

/** The price at a moment, past or to come. */
function priceAt({ priceCents, changes, ahead }: OwnPrice, at: number): PriceThen {
  const next = changes.find((change) => change.at.getTime() > at);
  if (next) return { cents: next.beforeCents, isPlanned: false };
  // What was changed by hand while a plan held stays as it was set.
  const covering = ahead.find(
    ({ startsAt, endsAt, beforeCents, priceCents: cents }) =>
      endsAt !== null &&
      startsAt.getTime() <= at &&
      at < endsAt.getTime() &&
      (beforeCents === null || cents === priceCents),
  );
  if (covering) return { cents: covering.priceCents, isPlanned: true };
  const staying = ahead.findLast(({ startsAt, endsAt }) => endsAt === null && startsAt.getTime() <= at);
  if (staying) return { cents: staying.priceCents, isPlanned: true };
  // A price that holds for some days only, and was not changed by hand since, gives way to what was asked before.
  const running = ahead.find(
    ({ beforeCents, priceCents: cents }) => beforeCents !== null && cents === priceCents,
  );
  const isAfter = running?.endsAt != null && running.endsAt.getTime() <= at;
  return { cents: isAfter ? running.beforeCents! : priceCents, isPlanned: false };
}
