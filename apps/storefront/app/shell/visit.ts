import type { SerializeFrom } from "@remix-run/node";
import { useRouteLoaderData } from "@remix-run/react";
import type { visitOf } from "../server/visit.server.ts";

/** What the frame has loaded. */
export type Visit = SerializeFrom<typeof visitOf>;

/** Who is here, the market, the basket's size; `undefined` only on the page of an error before anything was loaded. */
export function useMaybeVisit(): Visit | undefined {
  return useRouteLoaderData<typeof visitOf>("root");
}

export function useVisit(): Visit {
  const visit = useMaybeVisit();
  if (!visit) throw new Error("This page is shown outside of the shop's frame.");
  return visit;
}
