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

/** A shelf of picks: tells when a list on it is seen and when something of it is followed; new cards fade in. */
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

/** Of a longer list only so many are told. */
const listLength = 20;

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

/** VIEW_RECOMMENDATIONS when a list on the shelf comes in sight, once for each; CLICK_RECOMMENDATION when it is followed. */
function useShelfTracking(name: string, picks: readonly ShopPick[]) {
  const track = useTrackAction();
  const ref = useRef<HTMLDivElement>(null);
  const latest = useRef(picks);
  useEffect(() => {
    latest.current = picks;
  });
  // The same products in another order are the same list.
  const list = picks
    .slice(0, listLength)
    .map(({ card }) => card.id)
    .toSorted()
    .join(" ");
  const seen = useRef(new Set<string>());

  useEffect(() => {
    const shelf = ref.current;
    if (!shelf || list === "" || seen.current.has(list)) return undefined;
    const watch = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        watch.disconnect();
        seen.current.add(list);
        const productIds = latest.current.slice(0, listLength).map(({ card }) => card.id);
        track({
          action: "VIEW_RECOMMENDATIONS",
          entityType: "RECOMMENDATION",
          entityId: name,
          metadata: { productIds },
        });
      },
      { threshold: 0.3 },
    );
    watch.observe(shelf);
    return () => watch.disconnect();
  }, [name, list, track]);

  useEffect(() => {
    const shelf = ref.current;
    if (!shelf) return undefined;
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
    return () => shelf.removeEventListener("click", onClick);
  }, [name, track]);
  return ref;
}
