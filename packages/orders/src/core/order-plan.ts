import { assertSaleCents, type Cents, type FarmId } from "@almanac/kernel";
import { marketFeeCents } from "./fees.ts";
import { lineTotalCents, totalsOf, type PricedLine, type Totals } from "./pricing.ts";

export interface FarmLine extends PricedLine {
  readonly farmId: FarmId;
}

export interface PlannedLine<Line extends FarmLine> {
  readonly line: Line;
  readonly totalCents: Cents;
}

export interface PlannedSubOrder<Line extends FarmLine> {
  readonly farmId: FarmId;
  readonly lines: readonly PlannedLine<Line>[];
  readonly subtotalCents: Cents;
  readonly feeCents: Cents;
}

export interface OrderPlan<Line extends FarmLine> extends Totals {
  /** One per farm, in the order in which the farms first appear. Their subtotals add up to the order's. */
  readonly subOrders: readonly PlannedSubOrder<Line>[];
}

/**
 * Splits lines by farm and prices them: what an order is, before and after every change.
 *
 * @throws AppError `input_invalid` when it comes to more than a sale may
 */
export function planOrder<Line extends FarmLine>(
  lines: readonly Line[],
  feeBasisPoints: number,
): OrderPlan<Line> {
  const byFarm = new Map<FarmId, PlannedLine<Line>[]>();
  for (const line of lines) {
    const planned = { line, totalCents: lineTotalCents(line) };
    const farmLines = byFarm.get(line.farmId);
    if (farmLines) farmLines.push(planned);
    else byFarm.set(line.farmId, [planned]);
  }
  const subOrders = [...byFarm].map(([farmId, farmLines]) => {
    const subtotalCents = farmLines.reduce((sum, planned) => sum + planned.totalCents, 0);
    return {
      farmId,
      lines: farmLines,
      subtotalCents,
      feeCents: marketFeeCents(subtotalCents, feeBasisPoints),
    };
  });
  const totals = totalsOf(lines);
  assertSaleCents(totals.holdCents);
  return { ...totals, subOrders };
}
