import type { NewsId } from "@almanac/db/schema";
import type { Transaction } from "@almanac/db";
import type { Bus } from "@almanac/events";
import type { ShopperId } from "@almanac/kernel";
import { cursorInput, idInput, limitInput, procedure, router, type RequestContext } from "@almanac/trpc";
import { z } from "zod";
import { fromNewsCursor, toNewsCursor, toNewsItem, type NewsItem } from "./news/item.ts";
import { tellNewsChanged } from "./news/tell.ts";
import { countUnread, listNews, setAllRead, setRead } from "./store/news.ts";

export type { NewsItem } from "./news/item.ts";

export interface NewsDeps {
  readonly bus: Bus;
}

export interface NewsPage {
  readonly items: readonly NewsItem[];
  /** Where the next page begins; absent on the last. */
  readonly next?: string;
}

/** A badge needs no more: "99+" says as much as any larger number. */
const mostCounted = 100;
/** So many can be marked back as unread at once, which is what "mark all as read" can be undone by. */
const mostChanged = 1_000;

const idsInput = (most: number) => z.object({ ids: z.array(idInput<NewsId>()).min(1).max(most) });

/** The router `news`: what a shopper was told, for whoever was not there when it was told (NOT-05, CAC-07). */
export function newsRoutes({ bus }: NewsDeps) {
  /** A change of the caller's own news; their other pages hear of it when it commits. A new browser has none, and gets no row. */
  const change = async (
    { caller, handle }: RequestContext,
    work: (tx: Transaction, shopperId: ShopperId) => Promise<NewsId[]>,
  ): Promise<{ ids: NewsId[] }> => {
    const { shopperId } = caller;
    if (!shopperId) return { ids: [] };
    const ids = await handle.transaction(async (tx) => {
      const changed = await work(tx, shopperId);
      if (changed.length > 0) await tellNewsChanged(tx, bus, [shopperId]);
      return changed;
    });
    return { ids };
  };

  return {
    news: router({
      /** The caller's news of the last 90 days, the newest first. */
      list: procedure("shop")
        .input(
          z
            .object({
              limit: limitInput(50, 20),
              before: cursorInput,
              unreadOnly: z.boolean().default(false),
            })
            .default({ limit: 20, unreadOnly: false }),
        )
        .query(async ({ ctx, input: { limit, before, unreadOnly } }): Promise<NewsPage> => {
          const { shopperId } = ctx.caller;
          if (!shopperId) return { items: [] };
          const place = before === undefined ? undefined : fromNewsCursor(before);
          const found = await listNews(ctx.db, {
            shopperId,
            limit: limit + 1,
            unreadOnly,
            ...(place && { before: place }),
          });
          const shown = found.slice(0, limit);
          const last = shown.at(-1);
          return {
            items: shown.map(toNewsItem),
            ...(found.length > limit && last && { next: toNewsCursor(last) }),
          };
        }),

      /** How many are unread, counted to 100: that many means "100 or more". */
      unread: procedure("shop").query(async ({ ctx }) => {
        const { shopperId } = ctx.caller;
        return { count: shopperId ? await countUnread(ctx.db, shopperId, mostCounted) : 0 };
      }),

      /** Answers those that changed: of the caller's own, those that were unread. */
      markRead: procedure("shop", { limit: "write" })
        .input(idsInput(100))
        .mutation(({ ctx, input: { ids } }) =>
          change(ctx, (tx, shopperId) => setRead(tx, shopperId, ids, ctx.clock.now())),
        ),

      /** Marks all; answers those that changed, at most the 1,000 newest of them. */
      markAllRead: procedure("shop", { limit: "write" }).mutation(({ ctx }) =>
        change(ctx, (tx, shopperId) => setAllRead(tx, shopperId, ctx.clock.now(), mostChanged)),
      ),

      /** Takes a marking as read back. Answers those that changed. */
      markUnread: procedure("shop", { limit: "write" })
        .input(idsInput(mostChanged))
        .mutation(({ ctx, input: { ids } }) =>
          change(ctx, (tx, shopperId) => setRead(tx, shopperId, ids, null)),
        ),
    }),
  };
}
