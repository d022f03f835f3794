import "@almanac/ui/styles.css";
import "./portal.css";
import "./prices.css";
import "./advice.css";
import "./growing.css";
import "./stall.css";
import { KeptFocus, LinkProvider, ToastProvider } from "@almanac/ui";
import { fontPreloads } from "@almanac/ui/fonts";
import { useNonce } from "@almanac/ui/page";
import type { LinksFunction, MetaFunction } from "@remix-run/node";
import { Links, Meta, Outlet, Scripts, ScrollRestoration, useLocation } from "@remix-run/react";
import type { ReactNode } from "react";
import { ErrorPage } from "./parts/frame/error-page.tsx";
import { PortalLink } from "./parts/frame/portal-link.tsx";
import { UnsentGuard } from "./parts/frame/unsent-guard.tsx";

export const links: LinksFunction = () => [
  { rel: "icon", type: "image/svg+xml", href: "/pictures/seedling.svg" },
  ...fontPreloads.map((href) => ({
    rel: "preload",
    as: "font" as const,
    type: "font/woff2",
    href,
    crossOrigin: "anonymous" as const,
  })),
];

export const meta: MetaFunction = () => [{ title: "Almanac portal" }];

export function Layout({ children }: { children: ReactNode }) {
  const nonce = useNonce();
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <Meta />
        <Links />
      </head>
      <body>
        <LinkProvider link={PortalLink}>{children}</LinkProvider>
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  );
}

export default function App() {
  const { pathname } = useLocation();
  return (
    <ToastProvider>
      <KeptFocus path={pathname} />
      <UnsentGuard />
      <Outlet />
    </ToastProvider>
  );
}

export function ErrorBoundary() {
  return <ErrorPage />;
}
