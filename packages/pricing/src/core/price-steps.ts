import type { Cents } from "@almanac/kernel";

/** Currencies without a part of a unit that people still pay with: prices end in whole tens. */
const wholeUnits = new Set(["JPY", "KRW", "HUF", "CLP", "ISK", "VND", "IDR"]);

/**
 * What a price ends in: five cents below 2.00, else ten, as market prices do; ten whole units in currencies without cents.
 *
 * @returns cents between two prices that look right
 */
export function priceStep(priceCents: Cents, currency: string): Cents {
  if (wholeUnits.has(currency)) return 1_000;
  return priceCents < 200 ? 5 : 10;
}

/** The next price that looks right, not below the given one. */
export function priceAtLeast(cents: number, currency: string): Cents {
  const step = priceStep(cents, currency);
  // A hair above a step is the step: 1.25 times 400 is 500, not 510.
  return Math.ceil(cents / step - 1e-9) * step;
}

/** The last price that looks right, not above the given one. */
export function priceAtMost(cents: number, currency: string): Cents {
  const step = priceStep(cents, currency);
  return Math.floor(cents / step + 1e-9) * step;
}

/** All prices from one to another that look right, both included, lowest first. */
export function pricesBetween(fromCents: Cents, toCents: Cents, currency: string): Cents[] {
  const prices: Cents[] = [];
  for (let price = priceAtLeast(fromCents, currency); price <= toCents; price += priceStep(price, currency))
    prices.push(price);
  return prices;
}
