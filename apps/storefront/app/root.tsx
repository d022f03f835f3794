import "@almanac/ui/styles.css";
import "./storefront.css";
import { ShopProvider, VariantsProvider } from "@almanac/client/react";
import { ErrorState, LinkButton, ToastProvider } from "@almanac/ui";
import { fontPreloads } from "@almanac/ui/fonts";
import { useNonce } from "@almanac/ui/page";
import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import {
  isRouteErrorResponse,
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  useLoaderData,
  useRouteError,
} from "@remix-run/react";
import type { ReactNode } from "react";
import { visitOf } from "./server/visit.server.ts";
import { LiveNews } from "./shell/live-news.tsx";
import { useReadAgain } from "./shell/read-again.ts";
import { StoreFrame } from "./shell/store-frame.tsx";
import { useMaybeVisit, type Visit } from "./shell/visit.ts";

export const links: LinksFunction = () =>
  fontPreloads.map((href) => ({
    rel: "preload",
    as: "font",
    type: "font/woff2",
    href,
    crossOrigin: "anonymous",
  }));

export const meta: MetaFunction = () => [
  { title: "Almanac: what is good this week, here" },
  { name: "description", content: "Order from the farms of your market, collect on market day." },
];

export const loader = ({ context }: LoaderFunctionArgs) => visitOf(context);

export function Layout({ children }: { children: ReactNode }) {
  const nonce = useNonce();
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" type="image/svg+xml" href="/pictures/seedling.svg" />
        <Meta />
        <Links />
      </head>
      <body>
        {children}
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  );
}

const topics = ["price_drops", "stock_alerts", "trending", "new_arrivals", "personalized", "cart"];

export default function App() {
  return (
    <Providers visit={useLoaderData<typeof loader>()}>
      <LiveNews />
      <StoreFrame>
        <Outlet />
      </StoreFrame>
    </Providers>
  );
}

/** Another person in the same browser gets a page of their own: nothing of the one before stays in its cache. */
function Providers({ visit, children }: { visit: Visit | undefined; children: ReactNode }) {
  const identity = visit?.me.email ?? "visitor";
  const readAgain = useReadAgain();
  return (
    <ShopProvider
      key={identity}
      identity={identity}
      consent={visit?.me.consent ?? "unset"}
      topics={topics}
      liveCursor={visit?.liveCursor}
      cart={visit?.cart}
      wishedIds={visit?.wishedIds}
      unreadNews={visit?.unreadNews}
    >
      <VariantsProvider variants={visit?.variants ?? []} onChange={readAgain}>
        <ToastProvider>{children}</ToastProvider>
      </VariantsProvider>
    </ShopProvider>
  );
}

const titles: Readonly<Record<number, string>> = {
  404: "There is nothing growing here",
  429: "That was a lot at once",
  503: "We are out for a moment",
};

const titleOf = (status: number): string =>
  titles[status] ?? (status < 500 ? "This page cannot be shown" : "Something went wrong on our side");

/** What the product said when it refused what a page needs. */
function messageOf(told: unknown): string | undefined {
  if (typeof told !== "object" || told === null || !("message" in told)) return undefined;
  return typeof told.message === "string" ? told.message : undefined;
}

export function ErrorBoundary() {
  const error = useRouteError();
  const visit = useMaybeVisit();
  const answer = isRouteErrorResponse(error) ? error : undefined;
  const isMissing = answer?.status === 404;
  const words = typeof answer?.data === "string" ? answer.data : undefined;
  return (
    <Providers visit={visit}>
      <StoreFrame>
        <ErrorState
          headingLevel={1}
          title={titleOf(answer?.status ?? 500)}
          actions={
            <>
              <LinkButton href="/">What is good this week</LinkButton>
              <LinkButton href="/search" tone="secondary">
                Search
              </LinkButton>
            </>
          }
        >
          <p>
            {isMissing
              ? (words ?? "The page you followed is not here. It may have been harvested.")
              : `Your basket is safe. ${messageOf(answer?.data) ?? "Please try again in a moment."}`}
          </p>
        </ErrorState>
      </StoreFrame>
    </Providers>
  );
}
