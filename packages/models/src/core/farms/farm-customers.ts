/** What one shopper of a farm bought in the year behind, and what is expected of the shopper in the half-year ahead. */
export interface FarmCustomer {
  /** Of all that the shopper ordered in the year, from whomever. */
  readonly allCents: number;
  /** Of it, from this farm. */
  readonly farmCents: number;
  /** Of that, of products whose cost the farm has told, and what those cost. */
  readonly costedCents: number;
  readonly costCents: number;
  /** What the live model expects the shopper to spend in the coming half-year. */
  readonly valueCents: number;
  readonly isAtRisk: boolean;
  /** Absent for who is away, or whose market is closed. */
  readonly churnProbability?: number;
}

/** Fewer than so many people are not told of, as each could be found out. */
export const fewestTold = 10;
/** Share of what was sold whose cost has to be known for a margin to be told. */
export const leastCostedShare = 0.5;

export interface FarmCustomerValue {
  readonly customers: number;
  /** What they are expected to spend at this farm in the coming half-year, before fees. */
  readonly salesCents: number;
  /** Share of the year's sales of which the cost is known, 0 to 1. */
  readonly costedShare: number;
  /** What is left of the sales after fees and costs; absent where too few costs are known. */
  readonly marginCents?: number;
  /**
   * Those who may stay away, and what is likely lost with them: margin where it is known, else sales. Absent where they, or those
   * beside them, are too few to be told of: the one follows from the other.
   */
  readonly atRisk?: { readonly customers: number; readonly lostCents: number };
}

/**
 * The same where the farm's own version tells the sales: what is left of a dollar, and the share of it that is at risk, stay as
 * they are by what each shopper buys.
 *
 * @param salesCents what the farm's own version expects of all of its customers
 */
export function bySalesOf(value: FarmCustomerValue, salesCents: number): FarmCustomerValue {
  const scale = value.salesCents === 0 ? 0 : salesCents / value.salesCents;
  const { marginCents, atRisk } = value;
  return {
    ...value,
    salesCents: Math.round(salesCents),
    ...(marginCents !== undefined && { marginCents: Math.round(marginCents * scale) }),
    ...(atRisk && { atRisk: { ...atRisk, lostCents: Math.round(atRisk.lostCents * scale) } }),
  };
}

export type FarmCustomerAnswer =
  | ({ readonly kind: "told" } & FarmCustomerValue)
  /** Too few to be told of without telling of each. */
  | { readonly kind: "too-few"; readonly needed: number };

/**
 * What a farm's shoppers are worth to it: of what each is expected to spend, the share that went to this farm over the last
 * year, less fees as of the year, less what it costs by what the shopper buys. Products without a cost are taken for the mean
 * margin of those with one. A forecast of its own for each farm would see too few orders of most shoppers; this one supposes
 * that nobody changes whom they buy from.
 *
 * Gupta and Lehmann (2005), "Managing Customers as Investments": value is margin, not revenue.
 *
 * @param feeShare fees of the year by its sales, 0 to 1
 */
export function farmCustomerValue(customers: readonly FarmCustomer[], feeShare: number): FarmCustomerAnswer {
  const bought = customers.filter(({ farmCents, allCents }) => farmCents > 0 && allCents > 0);
  if (bought.length < fewestTold) return { kind: "too-few", needed: fewestTold };
  const sum = (of: (customer: FarmCustomer) => number): number =>
    bought.reduce((total, customer) => total + of(customer), 0);
  const costed = sum(({ costedCents }) => costedCents);
  const costedShare = costed / sum(({ farmCents }) => farmCents);
  const isCosted = costedShare >= leastCostedShare;
  const usualRate = isCosted ? 1 - sum(({ costCents }) => costCents) / costed : 0;
  const salesOf = (customer: FarmCustomer): number =>
    customer.valueCents * Math.min(1, customer.farmCents / customer.allCents);
  const marginOf = (customer: FarmCustomer): number =>
    salesOf(customer) * (rateOf(customer, usualRate) - feeShare);
  const leaving = bought.filter(({ isAtRisk }) => isAtRisk);
  const stakeOf = isCosted ? marginOf : salesOf;
  return {
    kind: "told",
    customers: bought.length,
    salesCents: Math.round(sum(salesOf)),
    costedShare,
    ...(isCosted && { marginCents: Math.round(sum(marginOf)) }),
    ...(isTellable(leaving.length, bought.length) && {
      atRisk: {
        customers: leaving.length,
        lostCents: Math.round(
          leaving.reduce((total, one) => total + (one.churnProbability ?? 0) * stakeOf(one), 0),
        ),
      },
    }),
  };
}

const isTellable = (part: number, all: number): boolean =>
  part >= fewestTold && (part === all || all - part >= fewestTold);

/** What is left of a dollar that the shopper spends, before fees. */
const rateOf = ({ farmCents, costedCents, costCents }: FarmCustomer, usualRate: number): number =>
  (costedCents - costCents + (farmCents - costedCents) * usualRate) / farmCents;
