import { isRecord } from "../live/message.ts";
import type { Answers } from "./trpc.ts";

/** A recommended product with its reason, as procedures answer it and the live lane brings it. */
export type Item = Answers["recsys"]["home"]["forYou"][number];

const neededOfCard = [
  "id",
  "slug",
  "name",
  "category",
  "farm",
  "picture",
  "variantId",
  "priceCents",
  "priceUnit",
];

/** Reads items from a live message: what has not the shape of one is left out. */
export function readItems(items: unknown): Item[] {
  return Array.isArray(items) ? items.filter(isItem) : [];
}

function isItem(value: unknown): value is Item {
  if (!isRecord(value)) return false;
  const { card } = value;
  return isRecord(card) && neededOfCard.every((key) => key in card);
}

/** What trends at one market is no news to whoever shops at another. */
export function isOfAnotherMarket(
  payload: Readonly<Record<string, unknown>>,
  marketId: string | undefined,
): boolean {
  const told = payload["marketId"];
  return typeof told === "string" && marketId !== undefined && told !== marketId;
}

/** The new ones first, then those of before that are not among them, cut to the size of the list. */
export function mergeItems(news: readonly Item[], before: readonly Item[], size: number): Item[] {
  const fresh = new Map(news.map((item) => [item.card.id, item]));
  const rest = before.filter(({ card }) => !fresh.has(card.id));
  return [...fresh.values(), ...rest].slice(0, size);
}
