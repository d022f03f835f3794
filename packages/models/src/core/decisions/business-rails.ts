import type { Verdict } from "./guardrails.ts";

/** What the shoppers of one arm, who were answered by it since the last step, have ordered since. */
export interface ArmOutcomes {
  readonly shoppers: number;
  /** Of them with an order that was not cancelled. */
  readonly buyers: number;
  /** What each buyer spent, summed; and its squares. */
  readonly cents: number;
  readonly squaredCents: number;
}

export interface BusinessSettings {
  /** Below so many buyers of both arms nothing is said. */
  readonly minBuyers: number;
  /** Chance that a rail ever breaks for a challenger that changes nothing, either way: half of it downwards. */
  readonly alpha: number;
  /** Buyers of both arms at which the boundary is tightest. */
  readonly tightestAt: number;
}

export const defaultBusiness: BusinessSettings = { minBuyers: 30, alpha: 0.05, tightestAt: 400 };

/**
 * Do as many of those who were answered by the challenger order, and do they spend as much? A rail breaks when it is surely
 * less, at whichever look that shows: looking every fifteen seconds makes no alarm likelier.
 *
 * Each buyer is a coin. Where the arms do not differ it falls to the challenger with its share of shoppers, whatever was
 * spent, so the challenger's buyers less those expected are a martingale over buyers, and weighed by money one over money. Its
 * boundary is Robbins' normal mixture, which holds at every count at once: Waudby-Smith et al. (2021), arXiv:2103.06476, eq. 14.
 */
export function judgeBusiness(
  champion: ArmOutcomes,
  challenger: ArmOutcomes,
  settings: BusinessSettings = defaultBusiness,
): Verdict[] {
  const buyers = champion.buyers + challenger.buyers;
  const shoppers = champion.shoppers + challenger.shoppers;
  if (champion.shoppers === 0 || challenger.shoppers === 0 || buyers < settings.minBuyers) {
    const words = `${buyers} of the ${settings.minBuyers} buyers that it takes`;
    return [
      { rail: "orders", state: "too early", words },
      { rail: "revenue", state: "too early", words },
    ];
  }
  const share = challenger.shoppers / shoppers;
  const spread = share * (1 - share);
  const cents = champion.cents + challenger.cents;
  const squares = champion.squaredCents + challenger.squaredCents;
  const ordersOff = (challenger.buyers - share * buyers) / Math.sqrt(spread * buyers);
  const moneyOff = squares === 0 ? 0 : (challenger.cents - share * cents) / Math.sqrt(spread * squares);
  // Money counts as so many buyers as its evenness has it.
  const evenBuyers = squares === 0 ? buyers : cents ** 2 / squares;
  return [
    {
      rail: "orders",
      state: ordersOff < -boundary(buyers, settings) ? "broken" : "holds",
      words: `${shareOf(challenger)} of its shoppers ordered, ${shareOf(champion)} of the champion's`,
    },
    {
      rail: "revenue",
      state: moneyOff < -boundary(evenBuyers, settings) ? "broken" : "holds",
      words: `${meanOf(challenger)} a shopper, ${meanOf(champion)} with the champion`,
    },
  ];
}

/** Standard errors beyond which a difference is sure at every count at once. */
function boundary(count: number, { alpha, tightestAt }: BusinessSettings): number {
  const twoLog = -2 * Math.log(alpha);
  const scaled = (count * (twoLog + Math.log(twoLog + 1))) / tightestAt;
  return Math.sqrt(((2 * (scaled + 1)) / scaled) * Math.log(Math.sqrt(scaled + 1) / alpha));
}

const shareOf = ({ buyers, shoppers }: ArmOutcomes): string => `${((100 * buyers) / shoppers).toFixed(1)} %`;
const meanOf = ({ cents, shoppers }: ArmOutcomes): string => (cents / shoppers / 100).toFixed(2);
