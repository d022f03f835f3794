import { amountOf, type TimelineItem } from "@almanac/ui";
import { atMarket, dayInWords } from "../words/dates.ts";

export const statusWords = {
  placed: "Placed",
  ready: "Ready",
  collected: "Collected",
  collection_undone: "Not collected after all",
  cancelled: "Cancelled",
} as const;

type OrderStatus = keyof typeof statusWords;

/** Whether it is still to be collected. */
export const isAhead = (status: OrderStatus): boolean => status !== "collected" && status !== "cancelled";

/** What the place and the time of pickup follow. */
export function pickupWord(status: OrderStatus): string {
  if (status === "cancelled") return "Pickup would have been";
  return status === "collected" ? "Collected" : "Collect";
}

export interface TimedOrder {
  readonly status: OrderStatus;
  readonly timeZone: string;
  readonly marketDay: string | null;
  readonly marketName: string;
  readonly slot: { readonly startsAt: string } | null;
  readonly editableUntil: string | null;
  readonly timeline: readonly { readonly kind: string; readonly at: string }[];
}

const kindWords: Readonly<Record<string, string>> = {
  placed: "Placed",
  line_changed: "Changed",
  slot_changed: "Pickup moved",
  weighed: "Weighed",
  ready: "Ready at the stall",
  collected: statusWords.collected,
  collection_undone: statusWords.collection_undone,
  cancelled: "Cancelled",
  paid: "Paid",
};

/** What happened to an order and what is to come, the first first. The same again and again is told once, as of the last. */
export function orderTimeline(order: TimedOrder): TimelineItem[] {
  const last = order.timeline.filter(({ kind }, at) => kind !== order.timeline[at + 1]?.kind);
  const happened = last.map(({ kind, at }): TimelineItem => ({
    title: kindWords[kind] ?? kind.replaceAll("_", " "),
    detail: atMarket(at, order.timeZone, "date-time"),
    state: kind === "cancelled" ? "stopped" : "done",
  }));
  return [...happened, ...whatComes(order)];
}

function whatComes({
  status,
  marketDay,
  marketName,
  slot,
  timeZone,
  editableUntil,
}: TimedOrder): TimelineItem[] {
  if (status === "cancelled" || status === "collected" || !marketDay) return [];
  const time = slot ? ` at ${atMarket(slot.startsAt, timeZone, "time")}` : "";
  const pickup: TimelineItem = {
    title: "Collect",
    detail: `${dayInWords(marketDay)}${time}, ${marketName}`,
    state: status === "ready" ? "current" : "upcoming",
  };
  if (status === "ready" || !editableUntil) return [pickup];
  return [
    {
      title: "The farms pack it",
      detail: `from ${atMarket(editableUntil, timeZone, "weekday-time")}`,
      state: "current",
    },
    pickup,
  ];
}

const refusalReasons: Readonly<Record<string, string>> = {
  cut_off_passed: "The time for changes is over: the farms are harvesting for you.",
  packing_began: "Your order is being packed.",
  collected: "It has been collected.",
  cancelled: "It was cancelled.",
  no_window: "It was bought at the stall.",
  settled: "It has been paid and settled.",
};

export function whyNotEditable(reason: string | undefined): string {
  return (reason && refusalReasons[reason]) ?? "It can no longer be changed.";
}

/** "Authorised 16.96" in words a shopper uses. */
export function paymentWords(
  payment: {
    readonly status: string;
    readonly authorisedCents: number;
    readonly capturedCents: number;
  } | null,
): string {
  if (!payment) return "Paid at the stall.";
  switch (payment.status) {
    case "captured":
      return `${amountOf(payment.capturedCents)} was charged.`;
    case "released":
      return "Nothing was charged; what was held is given back.";
    default:
      return `Up to ${amountOf(payment.authorisedCents)} is held on your card until you collect.`;
  }
}
