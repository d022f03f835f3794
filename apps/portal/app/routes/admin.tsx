import type { MetaFunction } from "@remix-run/node";
import { Outlet, useLoaderData } from "@remix-run/react";
import { Frame } from "../parts/frame/frame.tsx";
import { adminLoader } from "../server/request/handlers.ts";

export const loader = adminLoader(async ({ api, person: { name, email } }) => {
  const { parked } = await api.admin.queue.overview();
  return { person: { name, email }, parked };
});

export const meta: MetaFunction = () => [{ title: "Operators · Almanac" }];

export default function AdminPlace() {
  const { person, parked } = useLoaderData<typeof loader>();
  return (
    <Frame
      where="The whole platform"
      person={person}
      groups={[
        {
          title: "Running",
          items: [
            { href: "/portal/admin", label: "Monitor", icon: "chart", exact: true },
            { href: "/portal/admin/recommendations", label: "Recommendations", icon: "sparkle" },
            { href: "/portal/admin/search", label: "Searches", icon: "eye" },
            { href: "/portal/admin/ranking", label: "Search ranking", icon: "search" },
            { href: "/portal/admin/queue", label: "Queue", icon: "list", count: parked },
            { href: "/portal/admin/shoppers", label: "Shoppers", icon: "basket" },
            { href: "/portal/admin/trends", label: "Trends", icon: "chart" },
            { href: "/portal/admin/experiments", label: "Experiments", icon: "scale" },
            { href: "/portal/admin/models", label: "Models", icon: "leaf" },
            { href: "/portal/admin/mail", label: "Mail", icon: "mail" },
            { href: "/portal/admin/books", label: "Books", icon: "scale" },
          ],
        },
        {
          title: "Rights",
          items: [
            { href: "/portal/admin/people", label: "People", icon: "people" },
            { href: "/portal/admin/keys", label: "API keys", icon: "key" },
            { href: "/portal/admin/markets", label: "Markets", icon: "pin" },
            { href: "/portal/admin/audit", label: "Audit log", icon: "eye" },
          ],
        },
      ]}
      bottom={["/portal/admin", "/portal/admin/queue", "/portal/admin/mail", "/portal/admin/people"]}
    >
      <Outlet />
    </Frame>
  );
}
