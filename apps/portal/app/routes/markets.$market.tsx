import type { MetaFunction } from "@remix-run/node";
import { Outlet, useLoaderData } from "@remix-run/react";
import { Frame } from "../parts/frame/frame.tsx";
import { marketLoader } from "../server/request/handlers.ts";

export const loader = marketLoader(async ({ market, person: { name, email } }) => ({
  market: { slug: market.slug, name: market.name },
  person: { name, email },
}));

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.market.name ?? "Market"} · Almanac` },
];

export default function MarketPlace() {
  const { market, person } = useLoaderData<typeof loader>();
  const home = `/portal/markets/${market.slug}`;
  return (
    <Frame
      where={market.name}
      person={person}
      groups={[
        {
          items: [
            { href: home, label: "Order windows", icon: "calendar", exact: true },
            { href: `${home}/sales`, label: "Sales", icon: "chart" },
            { href: `${home}/farms`, label: "Farms", icon: "barn" },
            { href: `${home}/settings`, label: "Settings", icon: "settings" },
          ],
        },
      ]}
    >
      <Outlet />
    </Frame>
  );
}
