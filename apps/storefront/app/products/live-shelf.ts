import { browserClient } from "@almanac/client/react";
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

/** Reads one shelf of the home page again, for news that come without their cards. */
export async function fetchHomeShelf(shelf: "priceDrops" | "newArrivals"): Promise<ShopPick[]> {
  const home = await browserClient().recsys.home.query({});
  return readPicks(home[shelf]);
}
