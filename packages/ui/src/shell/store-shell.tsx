import type { ReactNode } from "react";
import { Anchor } from "../components/anchor.tsx";
import { Badge } from "../components/badge.tsx";
import { IconLink } from "../components/button.tsx";
import { Food } from "../components/picture.tsx";
import { Icon } from "../icons/icon.tsx";

/** The first thing the Tab key reaches: past the header. */
export function SkipLink({ to = "main" }: { to?: string }) {
  return (
    <a className="skip-link" href={`#${to}`}>
      Skip to the content
    </a>
  );
}

export interface BrandProps {
  href: string;
  /** Beside the name: "portal". */
  sub?: string;
}

export function Brand({ href, sub }: BrandProps) {
  return (
    <Anchor className="brand" href={href}>
      <Food name="seedling" size={26} eager />
      Almanac {sub && <span className="brand__sub">{sub}</span>}
    </Anchor>
  );
}

export interface NavItem {
  href: string;
  label: string;
  current?: boolean;
  /** Of what is new there; none is not shown. */
  count?: { readonly value: number; readonly words: string };
}

export interface StoreHeaderProps {
  homeHref?: string;
  /** A `SearchBox`. */
  search: ReactNode;
  /** Which market is shopped at; leads to where it is chosen. */
  market?: { href: string; label: string };
  /** A `ConnectionBadge`. */
  connection?: ReactNode;
  account: { href: string; label: string };
  wishlistHref?: string;
  basket: { href: string; count: number };
  nav?: readonly NavItem[];
  /** More tools before the account: theme, sign-out. */
  tools?: ReactNode;
}

/** The head of every shop page. It stays in sight. */
export function StoreHeader(props: StoreHeaderProps) {
  const {
    homeHref = "/",
    search,
    market,
    connection,
    account,
    wishlistHref,
    basket,
    nav = [],
    tools,
  } = props;
  return (
    <header className="store-header">
      <SkipLink />
      <div className="awning" aria-hidden />
      <div className="page store-header__row">
        <Brand href={homeHref} />
        <div className="store-header__search">{search}</div>
        <div className="store-header__where">
          {market && (
            <Anchor className="store-header__market" href={market.href}>
              <Icon name="pin" />
              <span>{market.label}</span>
            </Anchor>
          )}
          {connection}
        </div>
        <div className="store-header__tools">
          {tools}
          {wishlistHref && <IconLink icon="heart" label="Wishlist" href={wishlistHref} />}
          <IconLink icon="user" label={account.label} href={account.href} />
          <IconLink
            className="basket-link"
            icon="basket"
            label={`Basket, ${basket.count} ${basket.count === 1 ? "item" : "items"}`}
            href={basket.href}
          >
            {basket.count > 0 && (
              <span className="basket-link__count" aria-hidden>
                <Badge tone="count">{basket.count}</Badge>
              </span>
            )}
          </IconLink>
        </div>
      </div>
      {nav.length > 0 && (
        <nav className="page store-nav" aria-label="Main">
          {nav.map((item) => (
            <Anchor
              key={item.href}
              className="store-nav__link"
              href={item.href}
              aria-current={item.current ? "page" : undefined}
            >
              {item.label}
              {item.count !== undefined && item.count.value > 0 && (
                <span className="store-nav__count">
                  <Badge tone="count">{item.count.value > 99 ? "99+" : item.count.value}</Badge>
                  <span className="visually-hidden"> {item.count.words}</span>
                </span>
              )}
            </Anchor>
          ))}
        </nav>
      )}
    </header>
  );
}

/** The content of a shop page; the skip link leads here. */
export function StoreMain({ children }: { children: ReactNode }) {
  return (
    <main id="main" className="page store-main" tabIndex={-1}>
      {children}
    </main>
  );
}

export interface StoreFooterProps {
  about: ReactNode;
  columns: readonly { title: string; links: readonly { href: string; label: string }[] }[];
  small?: ReactNode;
}

export function StoreFooter({ about, columns, small }: StoreFooterProps) {
  return (
    <footer className="store-footer">
      <div className="page">
        <div className="store-footer__columns">
          <div className="store-footer__about">
            <Brand href="/" />
            <p>{about}</p>
          </div>
          {columns.map((column) => (
            <nav key={column.title} aria-label={column.title}>
              <h2 className="store-footer__title">{column.title}</h2>
              <ul className="store-footer__links">
                {column.links.map((link) => (
                  <li key={link.href}>
                    <Anchor className="store-footer__link" href={link.href}>
                      {link.label}
                    </Anchor>
                  </li>
                ))}
              </ul>
            </nav>
          ))}
        </div>
        {small && <div className="store-footer__small">{small}</div>}
      </div>
    </footer>
  );
}
