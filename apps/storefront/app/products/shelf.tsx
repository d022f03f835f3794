import { LinkButton, ProductShelf, type ProductShelfProps } from "@almanac/ui";
import { useTrackAction } from "@almanac/client/react";
import { useEffect, useRef, type ReactNode } from "react";
import { useHydrated } from "../shell/hydrated.ts";
import { useVisit } from "../shell/visit.ts";
import { cardProps, type ShopPick } from "./card.ts";
import { AddToBasket, KeepOnWishlist } from "./cart-buttons.tsx";
import { NotifyMe } from "./notify-me.tsx";

export interface ShelfProps extends Pick<
  ProductShelfProps,
  "title" | "text" | "more" | "layout" | "eager" | "headingLevel"
> {
  /** Names the shelf in what is tracked: "for-you". */
  name: string;
  /** `undefined` while they are being read. */
  picks: readonly ShopPick[] | undefined;
  hasFailed?: boolean;
  empty?: ReactNode;
}

/** A shelf of picks: tells once when it is seen and when something on it is followed; new cards fade in. */
export function Shelf({ name, picks, hasFailed = false, empty, ...rest }: ShelfProps) {
  const { year } = useVisit();
  const isHydrated = useHydrated();
  const ref = useShelfTracking(name, picks ?? []);
  return (
    <div ref={ref} data-shelf={name}>
      <ProductShelf
        {...rest}
        alive={isHydrated}
        {...(!picks && !hasFailed && { loading: 4 })}
        products={(picks ?? []).map((pick) => ({
          ...cardProps(pick, year),
          action: <AddToBasket product={pick.card} from={name} />,
          soldOutAction: <NotifyMe product={pick.card} kind="BACK_IN_STOCK" small />,
          wish: <KeepOnWishlist product={pick.card} />,
        }))}
        empty={picks ? empty : <ShelfFailed />}
      />
    </div>
  );
}

function ShelfFailed() {
  return (
    <p className="soft">
      We could not fill this shelf just now.{" "}
      <LinkButton href="/search" tone="quiet" size="small">
        Browse everything
      </LinkButton>
    </p>
  );
}

/** VIEW_RECOMMENDATIONS when half of a shelf is in sight, CLICK_RECOMMENDATION when one of its products is opened. */
function useShelfTracking(name: string, picks: readonly ShopPick[]) {
  const track = useTrackAction();
  const ref = useRef<HTMLDivElement>(null);
  const latest = useRef(picks);
  useEffect(() => {
    latest.current = picks;
  });
  const isEmpty = picks.length === 0;

  useEffect(() => {
    const shelf = ref.current;
    if (!shelf || isEmpty) return undefined;
    const seen = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        seen.disconnect();
        const productIds = latest.current.slice(0, 20).map(({ card }) => card.id);
        track({
          action: "VIEW_RECOMMENDATIONS",
          entityType: "RECOMMENDATION",
          entityId: name,
          metadata: { productIds },
        });
      },
      { threshold: 0.3 },
    );
    seen.observe(shelf);
    const onClick = (event: MouseEvent): void => {
      const link = event.target instanceof Element ? event.target.closest("a[href^='/products/']") : null;
      const slug = link?.getAttribute("href")?.slice("/products/".length);
      const position = latest.current.findIndex(({ card }) => card.slug === slug);
      const pick = latest.current[position];
      if (!pick) return;
      track({
        action: "CLICK_RECOMMENDATION",
        entityType: "PRODUCT",
        entityId: pick.card.id,
        metadata: { shelf: name, rank: position + 1, ...(pick.reason && { reason: pick.reason }) },
      });
    };
    shelf.addEventListener("click", onClick);
    return () => {
      seen.disconnect();
      shelf.removeEventListener("click", onClick);
    };
  }, [name, isEmpty, track]);
  return ref;
}
