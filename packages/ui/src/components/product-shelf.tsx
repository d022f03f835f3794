import { Fragment, useId } from "react";
import type { ReactNode } from "react";
import { Anchor } from "./anchor.tsx";
import { classNames } from "./class-names.ts";
import { ProductCard } from "./product-card.tsx";
import type { ProductCardProps } from "./product-card.tsx";
import { Skeleton } from "./states.tsx";

export interface SectionHeadProps {
  title: ReactNode;
  id?: string;
  text?: ReactNode;
  more?: { href: string; label: string };
  /** In place of `more`: a button, a popover. */
  aside?: ReactNode;
  level?: 1 | 2 | 3;
}

export function SectionHead({ title, id, text, more, aside, level = 2 }: SectionHeadProps) {
  const Heading = `h${level}` as const;
  return (
    <div className="section-head">
      <Heading className="shelf__heading" id={id}>
        {title}
      </Heading>
      {aside ??
        (more && (
          <Anchor className="section-head__more" href={more.href}>
            {more.label}
          </Anchor>
        ))}
      {text && <p className="section-head__text">{text}</p>}
    </div>
  );
}

export interface ProductShelfProps extends Pick<SectionHeadProps, "text" | "more" | "aside"> {
  title: ReactNode;
  /** `id` keeps a card in place when others come and go. */
  products: readonly (ProductCardProps & { id: string })[];
  /** `row` is pushed sideways on a phone, `grid` is two columns there. From 768 px both are a grid. */
  layout?: "row" | "grid";
  /** Shows this many skeletons instead of products. */
  loading?: number;
  /** Shown when there is nothing: what that means and what to do. */
  empty?: ReactNode;
  /** Fade in cards that come from now on. Set it after the first render in the browser, or the whole shelf fades. */
  alive?: boolean;
  /** Load the pictures of the first cards at once. */
  eager?: boolean;
  headingLevel?: 1 | 2 | 3;
  className?: string;
}

/** A shelf of cards under a heading. */
export function ProductShelf(props: ProductShelfProps) {
  const {
    title,
    products,
    layout = "row",
    loading,
    empty,
    alive = false,
    eager = false,
    headingLevel = 2,
  } = props;
  const id = useId();
  const nothing = loading === undefined && products.length === 0;
  return (
    <section
      className={classNames("shelf", `shelf--${layout}`, alive && "shelf--alive", props.className)}
      aria-labelledby={id}
      aria-busy={loading !== undefined || undefined}
    >
      <SectionHead
        title={title}
        id={id}
        text={props.text}
        more={props.more}
        aside={props.aside}
        level={headingLevel}
      />
      {nothing ? (
        empty
      ) : (
        <ul className="shelf__items">
          {loading !== undefined
            ? Array.from({ length: loading }, (_, index) => (
                <li key={index} className="shelf__item">
                  <ProductCardSkeleton />
                </li>
              ))
            : products.map(({ id: productId, ...product }, index) => (
                <li key={productId} className="shelf__item">
                  <ProductCard
                    eager={eager && index < 4}
                    headingLevel={headingLevel === 3 ? 4 : 3}
                    {...product}
                  />
                </li>
              ))}
        </ul>
      )}
    </section>
  );
}

/** As tall as a card, so that nothing moves when the card comes. */
export function ProductCardSkeleton() {
  return (
    <div className="product-card product-card--skeleton" aria-hidden>
      <Skeleton className="product-card__picture" height="auto" width="auto" />
      <div className="product-card__body">
        <div className="product-card__reason">
          <Skeleton width="6rem" height="1.5rem" round />
        </div>
        <Skeleton width="80%" height="1.2rem" />
        <Skeleton width="50%" height="1rem" />
        <div className="product-card__foot">
          <Skeleton width="4rem" height="1.4rem" />
          <Skeleton width="4.5rem" height="2.75rem" round />
        </div>
      </div>
    </div>
  );
}

export interface TotalsProps {
  items: readonly { term: ReactNode; value: ReactNode; note?: ReactNode; sum?: boolean }[];
}

/** Lines of a bill: what, how much, and a note where one is needed. */
export function Totals({ items }: TotalsProps) {
  return (
    <dl className="totals">
      {items.map((item, index) => (
        <Fragment key={index}>
          <dt className={classNames(item.sum && "totals__sum")}>{item.term}</dt>
          <dd className={classNames(item.sum && "totals__sum")}>{item.value}</dd>
          {item.note && (
            <dd className="totals__note" style={{ textAlign: "start" }}>
              {item.note}
            </dd>
          )}
        </Fragment>
      ))}
    </dl>
  );
}
