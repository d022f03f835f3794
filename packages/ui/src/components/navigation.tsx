import type { ReactNode } from "react";
import { Icon } from "../icons/icon.tsx";
import { Anchor } from "./anchor.tsx";
import { classNames } from "./class-names.ts";

export interface TabsProps {
  label: string;
  tabs: readonly { href: string; label: ReactNode; current?: boolean; count?: number }[];
}

/** Tabs that are links: each view has its address. */
export function Tabs({ label, tabs }: TabsProps) {
  return (
    <nav aria-label={label} className="tabs">
      {tabs.map((tab) => (
        <Anchor
          key={tab.href}
          className="tabs__link"
          href={tab.href}
          aria-current={tab.current ? "page" : undefined}
        >
          {tab.label}
          {tab.count !== undefined && <span className="chip__count">{tab.count}</span>}
        </Anchor>
      ))}
    </nav>
  );
}

export interface ChipsProps {
  label: string;
  chips: readonly {
    href: string;
    label: ReactNode;
    on?: boolean;
    count?: number;
    /** It stands here only to be taken off. */
    removes?: boolean;
  }[];
}

/** Filters as links, kept in the address. One that is on leads to the view without it. */
export function Chips({ label, chips }: ChipsProps) {
  return (
    <nav aria-label={label}>
      <ul className="chips">
        {chips.map((chip) => (
          <li key={chip.href}>
            <Anchor className="chip" href={chip.href} aria-current={chip.on ? "true" : undefined}>
              {chip.on && !chip.removes && <Icon name="check" />}
              {chip.label}
              {chip.count !== undefined && <span className="chip__count">{chip.count}</span>}
              {chip.removes && <Icon name="close" />}
            </Anchor>
          </li>
        ))}
      </ul>
    </nav>
  );
}

export interface BreadcrumbsProps {
  /** From the top; the last is the page itself and needs no `href`. */
  items: readonly { label: string; href?: string }[];
}

export function Breadcrumbs({ items }: BreadcrumbsProps) {
  return (
    <nav aria-label="Breadcrumb" className="breadcrumbs">
      <ol className="breadcrumbs__list">
        {items.map((item, index) => (
          <li key={`${index}${item.label}`} className="breadcrumbs__item">
            {item.href ? (
              <Anchor href={item.href}>{item.label}</Anchor>
            ) : (
              <span aria-current={index === items.length - 1 ? "page" : undefined}>{item.label}</span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}

export interface PaginationProps {
  /** 1-based. */
  page: number;
  pages: number;
  hrefFor: (page: number) => string;
  label?: string;
}

export function Pagination({ page, pages, hrefFor, label = "Pages" }: PaginationProps) {
  if (pages <= 1) return null;
  return (
    <nav aria-label={label} className="pagination">
      {page > 1 && (
        <Anchor className="pagination__link" href={hrefFor(page - 1)} rel="prev" aria-label="Previous page">
          <Icon name="chevron-left" />
        </Anchor>
      )}
      {pagesToShow(page, pages).map((item, index) =>
        item === undefined ? (
          <span key={`gap-${index}`} className="pagination__gap">
            …
          </span>
        ) : (
          <Anchor
            key={item}
            className="pagination__link"
            href={hrefFor(item)}
            aria-label={`Page ${item}`}
            aria-current={item === page ? "page" : undefined}
          >
            {item}
          </Anchor>
        ),
      )}
      <span className="pagination__of">of {pages}</span>
      {page < pages && (
        <Anchor className="pagination__link" href={hrefFor(page + 1)} rel="next" aria-label="Next page">
          <Icon name="chevron-right" />
        </Anchor>
      )}
    </nav>
  );
}

/** First, last, and the neighbours of the current page; `undefined` stands for a gap. Seven at most. */
export function pagesToShow(page: number, pages: number): (number | undefined)[] {
  const wanted = [1, page - 1, page, page + 1, pages].filter((each) => each >= 1 && each <= pages);
  const sorted = [...new Set(wanted)].sort((a, b) => a - b);
  return sorted.flatMap((each, index) => {
    const before = sorted[index - 1];
    if (before === undefined || each - before === 1) return [each];
    return each - before === 2 ? [each - 1, each] : [undefined, each];
  });
}

export interface StatTileProps {
  label: ReactNode;
  value: ReactNode;
  unit?: string;
  /** "+12 % against last Saturday". */
  change?: { text: ReactNode; tone?: "calm" | "good" | "urgent" };
  /** A sparkline. */
  plot?: ReactNode;
  href?: string;
}

/** One big number, its name, and how it changed. */
export function StatTile({ label, value, unit, change, plot, href }: StatTileProps) {
  const inside = (
    <>
      <span className="stat__label">{label}</span>
      <span className="stat__value">
        {value}
        {unit && <span className="stat__unit"> {unit}</span>}
      </span>
      {change && (
        <span className={classNames("stat__change", change.tone && `stat__change--${change.tone}`)}>
          {change.text}
        </span>
      )}
      {plot}
    </>
  );
  return href ? (
    <Anchor className="stat" href={href}>
      {inside}
    </Anchor>
  ) : (
    <div className="stat">{inside}</div>
  );
}
