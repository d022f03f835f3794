import {
  formatCents,
  formatQuantity,
  formatRoughQuantity,
  parseId,
  type BaseUnit,
  type Id,
} from "@almanac/kernel";
import { dayInWords, shortDay } from "../words/dates.ts";
import { rangeWords } from "../forecast/forecast-words.ts";
import { unitOf } from "../request/fields.ts";
import { farmAction } from "../request/handlers.ts";
import type { Api } from "../request/person.ts";

type Listed = Awaited<ReturnType<Api["advice"]["list"]>>["pending"][number];
type AdviceType = Listed["type"];

export interface AdviceView {
  readonly id: string;
  readonly type: AdviceType;
  /** "Bring". */
  readonly kind: string;
  readonly title: string;
  /** What it is for, in words: a market day at a market, or nothing. */
  readonly occasion: string;
  readonly productId: string;
  readonly product: string;
  readonly unit: BaseUnit;
  /** "36 kg", "4.40 instead of 4.90". */
  readonly what: string;
  readonly reasoning: string;
  readonly priority: Listed["priority"];
  readonly gain: string | null;
  readonly until: string;
  /** What the button says. */
  readonly accept: string;
  readonly recommendedBase: number;
  readonly canChange: boolean;
  readonly fan: {
    readonly p10: number;
    readonly p50: number;
    readonly p90: number;
    readonly words: string;
  } | null;
}

const titles: Record<AdviceType, string> = {
  BRING_TO_MARKET: "Bring",
  HARVEST_MORE: "Harvest more",
  HARVEST_LESS: "Harvest less",
  RESTOCK: "Restock",
  MARK_DOWN: "Lower the price",
  REALLOCATE: "Move between markets",
  DONATE: "Give away",
  PLANT: "Plant more",
  STOP_SELLING: "Take off the list",
};

const accepts: Record<AdviceType, string> = {
  BRING_TO_MARKET: "Plan it",
  HARVEST_MORE: "Put on today's list",
  HARVEST_LESS: "Good, I leave it",
  RESTOCK: "Put on today's list",
  MARK_DOWN: "Lower it",
  REALLOCATE: "Move it",
  DONATE: "Put on today's list",
  PLANT: "I'll plant more",
  STOP_SELLING: "Take it off",
};

/** What somebody who says no may give as the reason; the first two teach what is not worth saying. */
export const refusals = [
  { value: "too_much_work", label: "Too much work" },
  { value: "too_little_gain", label: "Not worth it" },
  { value: "not_believed", label: "I know better" },
  { value: "other_plans", label: "Other plans" },
  { value: "other", label: "Another reason" },
] as const;

/** Gains below a dollar or euro are not worth a line. */
const leastGainCents = 100;

export function adviceView(row: Listed, now: Date): AdviceView {
  const { details, baseUnit } = row;
  const what =
    details.kind === "price"
      ? `${formatCents(details.toCents)} instead of ${formatCents(details.fromCents)}`
      : row.type === "STOP_SELLING"
        ? "hide it from the shop"
        : formatQuantity(Math.round(row.recommendedBase), baseUnit);
  return {
    id: row.id,
    type: row.type,
    kind: titles[row.type],
    occasion: row.marketDay && row.marketName ? `${dayInWords(row.marketDay, now)}, ${row.marketName}` : "",
    title: row.marketDay ? `${titles[row.type]}, ${shortDay(row.marketDay)}` : titles[row.type],
    productId: row.productId,
    product: row.productName,
    unit: baseUnit,
    what,
    reasoning: row.reasoning,
    priority: row.priority,
    gain:
      row.gainCents !== null && row.gainCents >= leastGainCents
        ? `earns about ${formatCents(row.gainCents)} more`
        : null,
    until: shortDay(row.validUntil.slice(0, 10)),
    accept: accepts[row.type],
    recommendedBase: Math.round(row.recommendedBase),
    canChange: row.type === "BRING_TO_MARKET" || row.isTask,
    fan:
      details.kind === "bring"
        ? {
            ...details.demand,
            words: `most likely ${formatRoughQuantity(details.demand.p50, baseUnit)}, ${rangeWords(details.demand, baseUnit)}`,
          }
        : null,
  };
}

export interface AnswerView {
  readonly id: string;
  readonly words: string;
  readonly isUndoable: boolean;
}

const endings = {
  day: "the market day is cancelled",
  stall: "the farm is not at the market any more",
  product: "the product is put away",
} satisfies Record<NonNullable<Listed["ending"]>, string>;

/** What was accepted for a market day, or for hands, and has no point any more. */
export const fellAway = (row: Listed): row is Listed & { ending: keyof typeof endings } =>
  row.ending !== null &&
  row.status === "ACCEPTED" &&
  row.doneAt === null &&
  (row.isTask || row.marketDay !== null);

/** "Bring, Sat 16 Aug: Heirloom tomato, 36 kg — done" */
export function answerView(row: Listed, now: Date): AnswerView {
  const { title, product, what } = adviceView(row, now);
  const refusal = refusals.find(({ value }) => value === row.rejectionReason)?.label;
  const became =
    row.status === "EXPIRED"
      ? "ran out without an answer"
      : row.status === "REJECTED"
        ? `turned down${refusal ? `: ${refusal.toLowerCase()}` : ""}`
        : fellAway(row)
          ? `no longer needed: ${endings[row.ending]}`
          : row.doneAt || !row.isTask
            ? "done"
            : "on the list";
  return { id: row.id, words: `${title}: ${product}, ${what} — ${became}`, isUndoable: row.isUndoable };
}

const adviceIdOf = (text: string) => parseId<Id<"advice">>(text);

/** Saying yes, saying no, taking it back, ticking it off. */
export const adviceActions = {
  accept: async ({ api, farm, fields }) => {
    const adviceId = adviceIdOf(fields.text("subject"));
    const quantityBase =
      fields.text("amount") === "" ? undefined : fields.quantity("amount", unitOf(fields.text("unit")));
    fields.done();
    await api.advice.accept({
      farmId: farm.id,
      adviceId,
      ...(quantityBase !== undefined && { quantityBase }),
    });
    return {
      message: `${fields.text("name")}: done as advised.`,
      undo: undoOf(adviceId, fields.text("name")),
    };
  },
  acceptAll: async ({ api, farm, fields }) => {
    const ids = fields.text("subject").split(",").slice(0, 200).map(adviceIdOf);
    for (const adviceId of ids) await api.advice.accept({ farmId: farm.id, adviceId });
    const fieldsBack = { intent: "undoAll", subject: fields.text("subject"), name: fields.text("name") };
    return { message: `${fields.text("name")}: all done.`, undo: { label: "Undo all", fields: fieldsBack } };
  },
  undoAll: async ({ api, farm, fields }) => {
    const ids = fields.text("subject").split(",").slice(0, 200).map(adviceIdOf);
    for (const adviceId of ids) await api.advice.undo({ farmId: farm.id, adviceId });
    return { message: `${fields.text("name")}: all taken back.` };
  },
  reject: async ({ api, farm, fields }) => {
    const adviceId = adviceIdOf(fields.text("subject"));
    const reason = fields.oneOf(
      "reason",
      refusals.map(({ value }) => value),
    );
    fields.done();
    await api.advice.reject({ farmId: farm.id, adviceId, reason });
    return { message: `${fields.text("name")}: turned down.`, undo: undoOf(adviceId, fields.text("name")) };
  },
  undo: async ({ api, farm, fields }) => {
    await api.advice.undo({ farmId: farm.id, adviceId: adviceIdOf(fields.text("subject")) });
    return { message: `${fields.text("name")}: taken back.` };
  },
  tick: async ({ api, farm, fields }) => {
    const adviceId = adviceIdOf(fields.text("subject"));
    const quantityBase =
      fields.text("amount") === "" ? undefined : fields.quantity("amount", unitOf(fields.text("unit")));
    fields.done();
    await api.advice.done({ farmId: farm.id, adviceId, ...(quantityBase !== undefined && { quantityBase }) });
    return { message: `${fields.text("name")}: done.` };
  },
} satisfies Parameters<typeof farmAction>[0];

const undoOf = (subject: string, name: string) => ({
  label: "Undo",
  fields: { intent: "undo", subject, name },
});

export interface TaskView {
  readonly id: string;
  readonly title: string;
  readonly product: string;
  readonly unit: BaseUnit;
  readonly amount: string;
  readonly until: string;
}

/** What was accepted, waits for hands, and is still needed. */
export function taskViews(answered: readonly Listed[]): TaskView[] {
  return answered
    .filter(
      ({ isTask, status, doneAt, ending }) =>
        isTask && status === "ACCEPTED" && doneAt === null && ending === null,
    )
    .map((row) => ({
      id: row.id,
      title: titles[row.type],
      product: row.productName,
      unit: row.baseUnit,
      amount: formatQuantity(Math.round(row.recommendedBase), row.baseUnit),
      until: shortDay(row.validUntil.slice(0, 10)),
    }));
}

type Planned = Awaited<ReturnType<Api["advice"]["list"]>>["plan"][number];

export interface BringView {
  readonly title: string;
  readonly rows: readonly { readonly productId: string; readonly name: string; readonly amount: string }[];
}

/** What is planned for each coming market day. */
export function bringViews(plan: readonly Planned[], now: Date): BringView[] {
  const byDay = Map.groupBy(
    plan,
    ({ marketDay, marketName }) => `${dayInWords(marketDay, now)}, ${marketName}`,
  );
  return [...byDay].map(([title, rows]) => ({
    title,
    rows: rows.map(({ productId, name, baseUnit, quantityBase }) => ({
      productId,
      name,
      amount: formatQuantity(quantityBase, baseUnit),
    })),
  }));
}
