import { inChunks, type Transaction } from "@almanac/db";
import type { NewsId } from "@almanac/db/schema";
import type { Bus } from "@almanac/events";
import { newId, type Clock, type ShopperId } from "@almanac/kernel";
import {
  publishLiveAll,
  shopperChannel,
  type LiveContent,
  type LiveMessageType,
  type SimpleTopic,
} from "@almanac/realtime";
import { insertNews } from "../store/news.ts";

/** Types of which a message to one shopper is worth reading later. */
const keptTypes = [
  "PRICE_DROP_ALERT",
  "STOCK_ALERT",
  "NEW_ARRIVAL_ALERT",
  "SYSTEM_ALERT",
] as const satisfies LiveMessageType[];

export type NewsContent = Extract<LiveContent, { type: (typeof keptTypes)[number] }>;

/** What one shopper is told. */
export interface News {
  readonly shopperId: ShopperId;
  /** Where they hear of it if they are there. */
  readonly topic: SimpleTopic;
  readonly content: NewsContent;
  /** What it is about, the same however often it is told: "price-drop-12". */
  readonly key: string;
}

export interface TellOptions {
  readonly bus: Bus;
  readonly clock: Clock;
}

/** So many shoppers share a statement. */
const toldAtOnce = 500;

/**
 * Keeps what shoppers are told and tells it live, both or neither: each message carries its `newsId`, by which it is marked
 * as read, and every shopper's pages hear `NEWS_UPDATE`. What a shopper was told before, by its key, is neither kept nor told
 * again. For what stays true: what is true for the moment only, such as "only 3 left", is published without being kept.
 *
 * Two statements for 500 shoppers. Publishers wait for each other until the transaction ends, so tell last.
 */
export async function tellShoppers(
  tx: Transaction,
  { bus, clock }: TellOptions,
  news: readonly News[],
): Promise<void> {
  const now = clock.now();
  const withIds = news.map((one) => ({ ...one, id: newId<NewsId>(now.getTime()) }));
  const kept = new Set<NewsId>();
  await inChunks(withIds, toldAtOnce, async (some) => {
    const rows = some.map(({ content, ...row }) => ({ ...row, ...content }));
    for (const id of await insertNews(tx, rows, now)) kept.add(id);
  });
  const fresh = withIds.filter(({ id }) => kept.has(id));
  await inChunks(fresh, toldAtOnce, (some) =>
    publishLiveAll(tx, bus, [
      ...some.map(({ id, shopperId, topic, content }) => ({
        ...withNewsId(content, id),
        topic: shopperChannel(shopperId, topic),
      })),
      ...changesFor(some.map(({ shopperId }) => shopperId)),
    ]),
  );
}

/** Tells shoppers' pages to read their news again. */
export async function tellNewsChanged(
  tx: Transaction,
  bus: Bus,
  shopperIds: readonly ShopperId[],
): Promise<void> {
  await publishLiveAll(tx, bus, changesFor(shopperIds));
}

function withNewsId<Content extends NewsContent>(content: Content, newsId: NewsId): Content {
  return { ...content, payload: { ...content.payload, newsId } };
}

const changesFor = (shopperIds: readonly ShopperId[]) =>
  [...new Set(shopperIds)].map((shopperId) => ({
    topic: shopperChannel(shopperId, "personalized"),
    type: "NEWS_UPDATE" as const,
    payload: {},
  }));
