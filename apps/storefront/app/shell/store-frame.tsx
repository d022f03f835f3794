import {
  ConnectionBadge,
  KeptFocus,
  LinkProvider,
  Notice,
  StoreFooter,
  StoreHeader,
  StoreMain,
  useToasts,
  type AnchorProps,
} from "@almanac/ui";
import { Link, useLocation, useNavigate, useNavigation, useSearchParams } from "@remix-run/react";
import { useCart, useLiveMode, useUnreadNews } from "@almanac/client/react";
import { useRef, type MouseEvent, type ReactNode } from "react";
import { dayInWords, openingHours } from "../words/dates.ts";
import { wordsFor } from "../words/refusals.ts";
import { ConsentBanner } from "./consent-banner.tsx";
import { IncomingPage } from "./incoming-page.tsx";
import { HeaderSearch } from "./header-search.tsx";
import { useMaybeVisit } from "./visit.ts";

/** Links inside the shop change the page in place; files and other origins are the browser's. */
function ShopLink({ href, children, ...rest }: AnchorProps) {
  const isInside = href.startsWith("/") && !href.startsWith("//") && !/^\/(portal|api)(\/|$)/.test(href);
  if (!isInside || rest.download !== undefined) {
    return (
      <a href={href} {...rest}>
        {children}
      </a>
    );
  }
  return (
    <InsideLink href={href} {...rest}>
      {children}
    </InsideLink>
  );
}

/** Without a network a page that is left is gone: the link is followed once the shop can be reached. */
function InsideLink({ href, children, onClick, ...rest }: AnchorProps) {
  const isOffline = useLiveMode() === "offline";
  const navigate = useNavigate();
  const { show } = useToasts();
  const follow = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event);
    const { defaultPrevented, button, metaKey, ctrlKey, shiftKey, altKey } = event;
    if (!isOffline || defaultPrevented || button !== 0 || metaKey || ctrlKey || shiftKey || altKey) return;
    event.preventDefault();
    fetch("/livez", { cache: "no-store" }).then(
      () => navigate(href),
      () => show({ id: "network", message: "No network, so this page stays. Try again when it is back." }),
    );
  };
  return (
    <Link to={href} prefetch="none" onClick={follow} {...rest}>
      {children}
    </Link>
  );
}

/** Header, content and footer of every page. */
export function StoreFrame({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
  return (
    <LinkProvider link={ShopLink}>
      <KeptFocus path={pathname} />
      <PageProgress />
      <Header />
      <StoreMain>
        <IncomingPage>
          <AddressNotice />
          {children}
        </IncomingPage>
      </StoreMain>
      <Footer />
      <ConsentBanner />
    </LinkProvider>
  );
}

const sectionsOf = (categories: readonly { slug: string; name: string }[], unread: number) => [
  { href: "/", label: "Home" },
  { href: "/news", label: "News", count: { value: unread, words: "unread" } },
  { href: "/search?inSeason=1", label: "In season" },
  { href: "/coming", label: "What’s coming" },
  ...categories.map(({ slug, name }) => ({ href: `/search?category=${slug}`, label: name })),
  { href: "/farms", label: "Farms" },
];

function Header() {
  const visit = useMaybeVisit();
  const mode = useLiveMode();
  const { pathname, search } = useLocation();
  const here = `${pathname}${search}`;
  return (
    <StoreHeader
      search={<HeaderSearch key={useFieldKey()} />}
      {...(visit?.market && {
        market: { href: "/#market", label: marketLabel(visit.market) },
      })}
      connection={<ConnectionBadge state={mode} />}
      account={
        visit?.me.signedIn
          ? { href: "/account", label: `Account of ${visit.me.name ?? "you"}` }
          : { href: `/sign-in?to=${encodeURIComponent(here)}`, label: "Sign in" }
      }
      wishlistHref="/wishlist"
      basket={{ href: "/cart", count: useCart()?.count ?? 0 }}
      nav={sectionsOf(visit?.categories ?? [], useUnreadNews()).map((section) => ({
        ...section,
        current: section.href === here,
      }))}
    />
  );
}

/** The search field is made anew for another search, but not while somebody types in it. */
function useFieldKey(): string {
  const { pathname, search, state } = useLocation();
  const key = useRef("");
  const keepsField = typeof state === "object" && state !== null && "keepsField" in state;
  if (!keepsField) key.current = pathname === "/search" ? search : "elsewhere";
  return key.current;
}

function marketLabel(market: {
  name: string;
  opensAt: string;
  closesAt: string;
  nextWindow?: { marketDay: string } | undefined;
}) {
  const day = market.nextWindow ? `, ${dayInWords(market.nextWindow.marketDay, "weekday")}` : "";
  return `${market.name}${market.name.includes(day.slice(2)) && day ? "" : day} ${openingHours(market.opensAt, market.closesAt)}`;
}

function PageProgress() {
  const { state } = useNavigation();
  return <div className="page-progress" data-busy={state !== "idle"} aria-hidden />;
}

/** What a form without scripts was refused for. */
function AddressNotice() {
  const [search] = useSearchParams();
  const words = wordsFor(search.get("notice"));
  return words ? (
    <Notice tone="urgent" announce="alert" title="That did not work">
      {words}
    </Notice>
  ) : null;
}

function Footer() {
  const visit = useMaybeVisit();
  return (
    <StoreFooter
      about="Food from people you can meet, at the time it is good."
      columns={[
        {
          title: "Shop",
          links: [
            { href: "/search?inSeason=1", label: "In season" },
            { href: "/coming", label: "What’s coming" },
            { href: "/search", label: "Everything" },
            { href: "/farms", label: "Farms" },
          ],
        },
        {
          title: "You",
          links: [
            { href: "/orders", label: "Orders" },
            { href: "/wishlist", label: "Wishlist" },
            { href: "/news", label: "News" },
            { href: "/account", label: "My data" },
            visit?.me.signedIn
              ? { href: "/sign-out", label: "Sign out" }
              : { href: "/sign-in", label: "Sign in" },
          ],
        },
        { title: "For farms", links: [{ href: "/portal", label: "Portal" }] },
      ]}
      small="Almanac is open source under the MIT license. Food pictures: Fluent Emoji by Microsoft, MIT."
    />
  );
}
