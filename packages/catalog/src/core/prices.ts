import { AppError, priceForQuantity, type BaseUnit, type Cents } from "@almanac/kernel";

/** 100,000.00 of the currency: above it a price is a slip of the finger. */
export const maxPriceCents = 10_000_000;
/** A tonne, a cubic metre, a million pieces. */
export const maxBaseQuantity = 1_000_000;

/** How a variant is priced and what one unit of it takes: 490 cents for 1000 g, one unit takes 750 g. */
export interface VariantPricing {
  readonly unitPriceCents: Cents;
  /** Base units that `unitPriceCents` buys. */
  readonly unitPricePer: number;
  /** Base units that one unit in a cart takes. */
  readonly unitQuantityBase: number;
  readonly isWeighed: boolean;
}

/**
 * Refuses what cannot be sold.
 *
 * @throws AppError `input_invalid` when a price is not a whole number of cents from 0 to 10,000,000, a quantity not a
 * whole number from 1 to 1,000,000, or something counted in pieces is to be weighed
 */
export function assertSellable(pricing: VariantPricing, baseUnit: BaseUnit): void {
  assertPriceCents(pricing.unitPriceCents);
  assertBaseQuantity(pricing.unitPricePer, "unitPricePer");
  assertBaseQuantity(pricing.unitQuantityBase, "unitQuantityBase");
  if (pricing.isWeighed && baseUnit === "piece") {
    throw new AppError("input_invalid", "What is counted in pieces cannot be weighed.", {
      details: { field: "isWeighed" },
    });
  }
}

/** @throws AppError `input_invalid` when it is not a whole number of cents from 0 to 10,000,000 */
export function assertPriceCents(cents: number): void {
  if (Number.isInteger(cents) && cents >= 0 && cents <= maxPriceCents) return;
  throw new AppError("input_invalid", `A price is a whole number of cents from 0 to ${maxPriceCents}.`, {
    details: { field: "unitPriceCents" },
  });
}

function assertBaseQuantity(quantity: number, field: string): void {
  if (Number.isInteger(quantity) && quantity >= 1 && quantity <= maxBaseQuantity) return;
  throw new AppError("input_invalid", `${field} is a whole number from 1 to ${maxBaseQuantity}.`, {
    details: { field },
  });
}

/** What one unit in a cart is expected to cost, half-up to the cent: 750 g at 4.90/kg is 368. */
export function estimateCents(pricing: VariantPricing): Cents {
  return priceForQuantity(pricing.unitPriceCents, pricing.unitPricePer, pricing.unitQuantityBase);
}

/**
 * What a kilogram, a litre or a single piece costs, half-up to the cent: makes a 250 g tray comparable with a 2 kg bag.
 *
 * @returns cents for 1000 g, 1000 ml or 1 piece
 */
export function comparablePriceCents(
  pricing: Pick<VariantPricing, "unitPriceCents" | "unitPricePer">,
  baseUnit: BaseUnit,
): Cents {
  return priceForQuantity(pricing.unitPriceCents, pricing.unitPricePer, baseUnit === "piece" ? 1 : 1000);
}

/**
 * The variant that a card shows: the first by position, the cheaper estimate where positions tie, then the id.
 *
 * @returns `undefined` when there is none
 */
export function leadVariant<V extends VariantPricing & { readonly id: string; readonly position: number }>(
  variants: readonly V[],
): V | undefined {
  return [...variants].sort(
    (a, b) => a.position - b.position || estimateCents(a) - estimateCents(b) || (a.id < b.id ? -1 : 1),
  )[0];
}
