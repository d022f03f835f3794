import { browserClient } from "@almanac/client/react";
import type { MarketId } from "@almanac/kernel";
import { useCallback, useEffect, useState } from "react";
import { readPicks, type ShopPick } from "./card.ts";

/**
 * The picks of a shelf, as loaded and then as the live lane changes them. The shelf keeps its size: when fewer come than
 * are shown, earlier ones fill up behind them.
 */
export function useShelf(loaded: readonly ShopPick[] | undefined, size: number) {
  const [picks, setPicks] = useState<readonly ShopPick[] | undefined>(loaded?.slice(0, size));
  useEffect(() => setPicks(loaded?.slice(0, size)), [loaded, size]);
  const put = useCallback(
    (news: readonly ShopPick[]) => {
      if (news.length > 0) setPicks((now) => mergePicks(news, now ?? [], size));
    },
    [size],
  );
  return { picks, put };
}

/** The new ones first, then those of before that are not among them, cut to the size shown before. */
export function mergePicks(
  news: readonly ShopPick[],
  before: readonly ShopPick[],
  size: number,
): readonly ShopPick[] {
  const fresh = new Map(news.map((pick) => [pick.card.id, pick]));
  const rest = before.filter(({ card }) => !fresh.has(card.id));
  return [...fresh.values(), ...rest].slice(0, size);
}

/**
 * Reads one shelf of the home page again, for news that come without their cards. The product of the news comes first; when
 * the shelf does not know it yet, it is asked once more a moment later.
 */
export async function fetchHomeShelf(
  shelf: "priceDrops" | "newArrivals",
  { marketId, productId }: { marketId: MarketId | undefined; productId: unknown },
): Promise<ShopPick[]> {
  const read = async (): Promise<ShopPick[]> => {
    const home = await browserClient().recsys.home.query({ ...(marketId && { marketId }), limit: 48 });
    return readPicks(home[shelf]);
  };
  const isNews = ({ card }: ShopPick): boolean => card.id === productId;
  let picks = await read();
  if (!picks.some(isNews)) {
    await new Promise((later) => setTimeout(later, askAgainMs));
    picks = await read();
  }
  return [...picks.filter(isNews), ...picks.filter((pick) => !isNews(pick))];
}

const askAgainMs = 1_500;
