import { useRouteLoaderData } from "@remix-run/react";
import type { loader } from "../root.tsx";
import type { Visit } from "../server/visit.server.ts";

/** Who is here, the market, the basket's size; `undefined` only on the page of an error before anything was loaded. */
export function useMaybeVisit(): Visit | undefined {
  return useRouteLoaderData<typeof loader>("root");
}

export function useVisit(): Visit {
  const visit = useMaybeVisit();
  if (!visit) throw new Error("This page is shown outside of the shop's frame.");
  return visit;
}
