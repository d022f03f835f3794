import { formatCents, formatQuantity } from "@almanac/kernel";
import type { Api, FarmPlace } from "../request/person.ts";
import { dayInWords, shortDay, timeAt } from "../words/dates.ts";
import { largeUnits, typedQuantity } from "../request/fields.ts";

type Day = Awaited<ReturnType<Api["farmOrders"]["bySlot"]>>;
type SubOrder = Day["slots"][number]["subOrders"][number];
type Line = SubOrder["lines"][number];

export type FarmDayView = Awaited<ReturnType<typeof readDay>>;
export type SlotView = FarmDayView["slots"][number];
export type OrderView = SlotView["orders"][number];
export type LineView = OrderView["lines"][number];

export interface DayFilter {
  /** Part of an order's number or of a name. */
  readonly query: string;
  readonly onlyOpen: boolean;
}

/** What `DayFind` asks for, from the address. */
export function dayFilterOf({ searchParams }: URL): DayFilter {
  return {
    query: (searchParams.get("q") ?? "").trim().slice(0, 60),
    onlyOpen: searchParams.get("show") === "open",
  };
}

/** The slots with only the orders that are looked for; slots without any are left out. */
export function filterSlots(slots: readonly SlotView[], { query, onlyOpen }: DayFilter): SlotView[] {
  const text = query.toLowerCase();
  return slots.flatMap((slot) => {
    const orders = slot.orders.filter(
      ({ number, name, isCollected }) =>
        !(onlyOpen && isCollected) &&
        (number.toLowerCase().includes(text) || name.toLowerCase().includes(text)),
    );
    return orders.length > 0 ? [{ ...slot, orders }] : [];
  });
}

/** A farm's market day in words: what to harvest, who picks up when, what is still to be weighed. */
export async function readDay(api: Api, farm: FarmPlace, now: Date, marketDay?: string) {
  const day = await api.farmOrders.bySlot({ farmId: farm.id, ...(marketDay && { marketDay }) });
  const orders = day.slots.flatMap((slot) => slot.subOrders);
  const weighed = orders.flatMap((order) => order.lines).filter((line) => line.isWeighed);
  return {
    day: day.marketDay,
    dayInWords: day.marketDay ? dayInWords(day.marketDay, now) : "",
    days: day.marketDays.map((value) => ({ value, label: shortDay(value) })),
    markets: [...new Set(day.slots.map((slot) => slot.marketName))],
    orders: orders.length,
    collected: orders.filter((order) => order.status === "collected").length,
    toWeigh: weighed.filter((line) => line.weighedBase === null).length,
    worth: formatCents(orders.reduce((sum, order) => sum + order.subtotalCents, 0)),
    totals: day.totals.map((total) => ({
      key: `${total.productId}/${total.variantName}`,
      name: total.name,
      variant: total.variantName,
      pieces: total.quantity,
      amount: formatQuantity(total.quantityBase, total.baseUnit),
      isWeight: total.baseUnit !== "piece",
    })),
    slots: day.slots.map((slot) => ({
      id: slot.slotId,
      market: slot.marketName,
      from: timeAt(slot.startsAt, slot.timeZone),
      to: timeAt(slot.endsAt, slot.timeZone),
      collected: slot.subOrders.filter((order) => order.status === "collected").length,
      ordered: slot.subOrders.length,
      orders: slot.subOrders.map((order) => orderView(order, slot.timeZone)),
    })),
  };
}

function orderView(order: SubOrder, timeZone: string) {
  return {
    id: order.id,
    number: order.number,
    name: order.contactName,
    isCollected: order.status === "collected",
    canUndo: order.canUndo,
    isReady: order.status === "ready",
    collectedAt: order.collectedAt ? timeAt(order.collectedAt, timeZone) : "",
    subtotal: formatCents(order.subtotalCents),
    toWeigh: order.lines.filter((line) => line.isWeighed && line.weighedBase === null).length,
    lines: order.lines.map(lineView),
  };
}

function lineView(line: Line) {
  const { id, name, variantName, quantity, isWeighed, weighedBase, baseUnit, quantityBase, totalCents } =
    line;
  return {
    id,
    name,
    variant: variantName,
    quantity,
    isWeighed,
    isWeighing: isWeighed && weighedBase === null,
    expected: typedQuantity(quantityBase, baseUnit),
    weighed: weighedBase === null ? "" : typedQuantity(weighedBase, baseUnit),
    weighedText: weighedBase === null ? "" : formatQuantity(weighedBase, baseUnit),
    unit: largeUnits[baseUnit],
    baseUnit,
    total: formatCents(totalCents),
  };
}
