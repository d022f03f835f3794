import type { MetaFunction } from "@remix-run/node";
import { Outlet, useLoaderData } from "@remix-run/react";
import { useOfflineWorker } from "../offline/use-kept-page.ts";
import { Frame } from "../parts/frame/frame.tsx";
import { farmLoader } from "../server/request/handlers.ts";
import { standingOf } from "../server/products/standing.ts";
import { runsLow } from "../server/products/stock.ts";

export const loader = farmLoader(async ({ api, farm, person: { name, email } }) => {
  const [levels, { pressing }] = await Promise.all([
    api.farmStock.levels({ farmId: farm.id }),
    api.advice.count({ farmId: farm.id }),
  ]);
  const low = levels.filter(runsLow).length;
  return { farm, person: { name, email }, low, advice: pressing, standing: standingOf(levels) };
});

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.farm.name ?? "Farm"} · Almanac` },
];

export default function FarmPlace() {
  const { farm, person, low, advice } = useLoaderData<typeof loader>();
  useOfflineWorker();
  const home = `/portal/farms/${farm.slug}`;
  return (
    <Frame
      where={farm.name}
      person={person}
      groups={[
        {
          items: [
            { href: home, label: "Today", icon: "sun", exact: true },
            { href: `${home}/orders`, label: "Orders", icon: "basket" },
            { href: `${home}/products`, label: "Products", icon: "leaf" },
            { href: `${home}/stock`, label: "Stock", icon: "box", count: low },
            { href: `${home}/advice`, label: "Advice", icon: "sparkle", count: advice },
            { href: `${home}/stall`, label: "Stall", icon: "scale" },
            { href: `${home}/market-day`, label: "Market day", icon: "clock" },
            { href: `${home}/forecast`, label: "Forecast", icon: "chart" },
            { href: `${home}/trends`, label: "Trends", icon: "chart" },
            { href: `${home}/prices`, label: "Prices", icon: "tag" },
            { href: `${home}/customers`, label: "Customers", icon: "people" },
            { href: `${home}/calendar`, label: "Calendar", icon: "calendar" },
            { href: `${home}/plan`, label: "Successions", icon: "leaf" },
            { href: `${home}/profile`, label: "Farm", icon: "barn" },
          ],
        },
      ]}
      bottom={[home, `${home}/advice`, `${home}/orders`, `${home}/stock`]}
    >
      <Outlet />
    </Frame>
  );
}
