import { ProductCard } from "@almanac/ui";
import { useVisit } from "../shell/visit.ts";
import { cardProps, type ShopPick } from "./card.ts";
import { AddToBasket, KeepOnWishlist } from "./cart-buttons.tsx";
import { NotifyMe } from "./notify-me.tsx";

export interface ProductGridProps {
  label: string;
  picks: readonly ShopPick[];
  headingLevel?: 2 | 3;
  wide?: boolean;
  onOpen?: (pick: ShopPick, rank: number) => void;
}

/** Products in rows, for search results and lists of one's own. */
export function ProductGrid({ label, picks, headingLevel = 3, wide = true, onOpen }: ProductGridProps) {
  const { year } = useVisit();
  return (
    <ul className={wide ? "result-grid result-grid--wide" : "result-grid"} aria-label={label}>
      {picks.map((pick, index) => {
        const { id, ...props } = cardProps(pick, year);
        return (
          <li
            key={id}
            onClick={
              onOpen &&
              ((event) => {
                if (event.target instanceof Element && event.target.closest("a")) onOpen(pick, index + 1);
              })
            }
          >
            <ProductCard
              {...props}
              headingLevel={headingLevel}
              eager={index < 4}
              action={<AddToBasket product={pick.card} />}
              soldOutAction={<NotifyMe product={pick.card} kind="BACK_IN_STOCK" small />}
              wish={<KeepOnWishlist product={pick.card} />}
            />
          </li>
        );
      })}
    </ul>
  );
}
