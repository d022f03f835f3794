import { router } from "@almanac/trpc";

/** The procedures of this package, by the names under which the root router joins them. */
export function growingRoutes() {
  return { growing: router({}) };
}
