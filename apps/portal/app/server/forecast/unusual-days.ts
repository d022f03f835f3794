import { formatQuantity, formatRoughQuantity, parseId, type MarketId, type ProductId } from "@almanac/kernel";
import { dayInWords } from "../words/dates.ts";
import type { farmAction } from "../request/handlers.ts";
import type { Api } from "../request/person.ts";

export type Unusual = Awaited<ReturnType<Api["planning"]["unusual"]>>[number];

export interface UnusualView {
  /** Product, market and day, as its buttons send it. */
  readonly subject: string;
  /** Nothing where it is of the whole stall. */
  readonly productId: string | null;
  /** The product, or what is told of the stall. */
  readonly name: string;
  readonly day: string;
  /** "14 kg sold, 25 kg to 33 kg was usual". */
  readonly words: string;
  readonly why: string;
  readonly isAlarm: boolean;
  readonly answer: Unusual["answer"];
  /** What its two answers are called. */
  readonly labels: { readonly right: string; readonly slip: string };
}

/** For people, the latest first; what is told of a whole stall is one. */
export function unusualViews(found: readonly Unusual[], now: Date): UnusualView[] {
  const groups = Map.groupBy(found, (one) =>
    one.reason === "stall" ? `${one.marketId} ${one.marketDay}` : subjectOf(one),
  );
  return [...groups.values()].map((own) =>
    own[0]!.reason === "stall" ? stallView(own, now) : productView(own[0]!, now),
  );
}

const subjectOf = ({ productId, marketId, marketDay }: Unusual): string =>
  `${productId} ${marketId} ${marketDay}`;

function productView(one: Unusual, now: Date): UnusualView {
  const { productId, name, marketName, marketDay, isAlarm, answer } = one;
  return {
    subject: subjectOf(one),
    productId,
    name,
    day: `${dayInWords(marketDay, now)}, ${marketName}`,
    words: unusualWords(one),
    why: whyOf(one),
    isAlarm,
    answer,
    labels: { right: "That was right", slip: "A slip of the pen" },
  };
}

/** "14 kg sold, 25 kg to 33 kg was usual". */
export function unusualWords({ soldBase, lowBase, highBase, baseUnit }: Unusual): string {
  const sold = soldBase === 0 ? "nothing" : formatQuantity(soldBase, baseUnit);
  const [low, high] = [lowBase, highBase].map((base) => formatRoughQuantity(base, baseUnit));
  return low === high ? `${sold} sold, about ${high} was usual` : `${sold} sold, ${low} to ${high} was usual`;
}

function whyOf({ reason, reasonText, largestBase, baseUnit }: Unusual): string {
  if (reason !== "none") return `${reasonText}.`;
  const entry =
    largestBase === null ? "" : ` Most of it is one entry of ${formatQuantity(largestBase, baseUnit)}.`;
  return `Nothing known explains it.${entry}`;
}

/** So many products are named. */
const named = 3;

function stallView(own: readonly Unusual[], now: Date): UnusualView {
  const [first] = own as [Unusual];
  const names = own.slice(0, named).map(({ name }) => name);
  const rest = own.length - names.length;
  return {
    subject: `- ${first.marketId} ${first.marketDay}`,
    productId: null,
    name: `Nothing sold at ${first.marketName}`,
    day: dayInWords(first.marketDay, now),
    words: `${own.length} products usually sell: ${names.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`,
    why: "Nothing known explains it. Did the stall stand closed, or were its sales not entered?",
    isAlarm: own.some(({ isAlarm }) => isAlarm),
    answer: first.answer,
    labels: { right: "Nothing was sold", slip: "Closed, or not entered" },
  };
}

const said = {
  right: "it counts as it is.",
  slip: "it is left out of the forecast, which follows within the hour.",
} as const;

export const unusualActions = {
  unusual: async ({ api, farm, fields }) => {
    const subject = fields.text("subject");
    const name = fields.text("name");
    const answer = fields.oneOf("answer", ["right", "slip", "none"]);
    fields.done();
    const [productId = "", marketId = "", marketDay = ""] = subject.split(" ");
    await api.planning.answerUnusual({
      farmId: farm.id,
      marketId: parseId<MarketId>(marketId),
      marketDay,
      answer: answer === "none" ? null : answer,
      ...(productId !== "-" && { productId: parseId<ProductId>(productId) }),
    });
    if (answer === "none") return { message: `${name}: your answer is taken back.` };
    return {
      message: `${name}: ${said[answer]}`,
      undo: { label: "Undo", fields: { intent: "unusual", subject, name, answer: "none" } },
    };
  },
} satisfies Parameters<typeof farmAction>[0];
