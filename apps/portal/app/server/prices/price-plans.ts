import { formatCents, formatRoughQuantity, parseId, type MarketId, type VariantId } from "@almanac/kernel";
import type { WhatIfView } from "../../parts/prices/what-if.tsx";
import { dayInWords, shortDay } from "../words/dates.ts";
import type { Fields } from "../request/fields.ts";
import type { Done } from "../request/handlers.ts";
import type { Api, FarmPlace } from "../request/person.ts";
import { isOpen } from "./price-words.ts";

type Listed = Awaited<ReturnType<Api["pricePlans"]["list"]>>;
export type ListedPlan = Listed["plans"][number];
type Offer = Awaited<ReturnType<Api["pricing"]["product"]>>["offers"][number];

export interface PlanView {
  readonly id: string;
  readonly variantId: string;
  /** "4.20 / kg", with the promotion where it is one. */
  readonly price: string;
  /** "Sat 16 Aug to Sun 17 Aug, for Riverside on Sat 16 Aug". */
  readonly days: string;
  readonly reason: string;
  readonly state: string;
  readonly tone: "good" | "calm" | "urgent";
  /** It can be cancelled. */
  readonly isOpen: boolean;
  readonly about: string;
}

export function planView(plan: ListedPlan): PlanView {
  const { unitPriceCents, priceUnit, promotion, status } = plan;
  const days = daysWords(plan);
  return {
    id: plan.id,
    variantId: plan.variantId,
    price: `${formatCents(unitPriceCents)} / ${priceUnit}${promotion ? ` (${promotion.words})` : ""}`,
    days,
    reason: promotion && plan.reason === promotion.words ? "" : plan.reason,
    state: stateWords(plan),
    tone: status === "running" ? "good" : status === "missed" ? "urgent" : "calm",
    isOpen: status === "planned" || status === "running",
    about: `Cancel ${formatCents(unitPriceCents)} for ${plan.productName}, ${days}`,
  };
}

/** "Sat 16 Aug to Sun 17 Aug", "from Sat 16 Aug on". */
export function daysWords({
  fromDay,
  toDay,
  marketDay,
  marketName,
}: Pick<ListedPlan, "fromDay" | "toDay" | "marketDay" | "marketName">): string {
  const days =
    toDay === null
      ? `from ${shortDay(fromDay)} on`
      : toDay === fromDay
        ? shortDay(fromDay)
        : `${shortDay(fromDay)} to ${shortDay(toDay)}`;
  return marketDay && marketName ? `${days}, for ${marketName} on ${shortDay(marketDay)}` : days;
}

function stateWords({ status, isOverruled, toDay, beforeCents, isBelowFloor }: ListedPlan): string {
  const floor = isBelowFloor ? ", below your floor" : "";
  switch (status) {
    case "planned":
      return `planned${floor}`;
    case "running":
      return isOverruled
        ? "changed by hand since"
        : `asked now${floor}${beforeCents === null ? "" : `, ${formatCents(beforeCents)} again after`}`;
    case "cancelled":
      return "cancelled";
    case "missed":
      return "missed: nobody was there in time";
    default:
      return toDay === null ? "asked since" : "over";
  }
}

/** What a form's field may choose: market days, or days of one's own. */
export function whenOptions({ marketDays }: Pick<Listed, "marketDays">): { value: string; label: string }[] {
  return [
    ...marketDays.map(({ marketId, marketName, marketDay, fromDay }) => ({
      value: `${marketId} ${marketDay}`,
      label: `${marketName} on ${shortDay(marketDay)}${fromDay === marketDay ? "" : `, with orders from ${shortDay(fromDay)}`}`,
    })),
    { value: "days", label: "Other days" },
  ];
}

interface Asked {
  readonly api: Api;
  readonly farm: FarmPlace;
  readonly fields: Fields;
}

type Input = Parameters<Api["pricePlans"]["add"]>[0];

/** What the forms about planned prices do. */
export const planActions = {
  plan: async ({ api, farm, fields }: Asked): Promise<Done> => {
    const price = priceOf(fields);
    const when = whenOf(fields);
    const reason = fields.text("reason");
    fields.done();
    const { planId, unitPriceCents, status } = await api.pricePlans.add({
      farmId: farm.id,
      variantId: parseId<VariantId>(fields.text("subject")),
      price,
      when,
      reason,
      mayBeBelowFloor: fields.ticked("mayBeBelowFloor"),
    });
    const asked = `${fields.text("name")} at ${formatCents(unitPriceCents)}`;
    return {
      message: status === "planned" ? `${asked}: planned.` : `${asked} from now on.`,
      ...(status !== "over" && { undo: { label: "Undo", fields: { intent: "cancel", subject: planId } } }),
    };
  },
  cancel: async ({ api, farm, fields }: Asked): Promise<Done> => {
    const planId = parseId<Parameters<Api["pricePlans"]["cancel"]>[0]["planId"]>(fields.text("subject"));
    const { unitPriceCents } = await api.pricePlans.cancel({ farmId: farm.id, planId });
    return { message: `Cancelled. ${formatCents(unitPriceCents)} is asked now.` };
  },
};

/** "4.20", or "2 for 9". */
export function priceOf(fields: Fields): Input["price"] {
  const text = fields.text("unitPriceCents", { required: "Say what it is to cost." });
  const match = /^(\d{1,3})\s*(?:for|x|×)\s*(\d{1,6})(?:[.,](\d{1,2}))?$/i.exec(text);
  if (!match) return { unitPriceCents: fields.cents("unitPriceCents") };
  const units = Number(match[1]);
  if (units < 2 || units > 100) fields.wrong("unitPriceCents", "2 to 100 of them for a price.");
  return { units, totalCents: Number(match[2]) * 100 + Number((match[3] ?? "").padEnd(2, "0")) };
}

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text);

export function whenOf(fields: Fields): Input["when"] {
  const choice = fields.text("when");
  const [marketId, marketDay] = choice.split(" ");
  if (choice !== "days" && marketId && marketDay && isDay(marketDay))
    return { marketId: parseId<MarketId>(marketId), marketDay };
  const fromDay = fields.text("fromDay", { required: "Say from which day on." });
  const toDay = fields.optional("toDay") ?? null;
  for (const [name, day] of [
    ["fromDay", fromDay],
    ["toDay", toDay],
  ] as const)
    if (day && !isDay(day)) fields.wrong(name, "A day.");
  return { fromDay, toDay };
}

/** What the next market day would come to at other prices; nothing where it is not forecast. */
export function whatIfView(offer: Offer, now: Date): WhatIfView | null {
  if (!offer.whatIf) return null;
  const { marketDay, points } = offer.whatIf;
  const quantity = (base: number): string => formatRoughQuantity(base, offer.baseUnit);
  const money = (cents: number): string => formatCents(Math.round(cents));
  return {
    day: dayInWords(marketDay, now),
    unit: offer.priceUnit,
    nowCents: offer.unitPriceCents,
    ...(isOpen(offer) && { suggestedCents: offer.suggestion.priceCents }),
    rows: points.map((point) => ({
      priceCents: point.priceCents,
      quantity: point.quantity,
      takings: point.takings,
      isBeyondAsked: point.isBeyondAsked,
      quantityWords: [
        quantity(point.quantity.mid),
        `${quantity(point.quantity.low)} to ${quantity(point.quantity.high)}`,
      ] as const,
      takingsWords: [
        money(point.takings.mid),
        `${money(point.takings.low)} to ${money(point.takings.high)}`,
      ] as const,
    })),
  };
}
