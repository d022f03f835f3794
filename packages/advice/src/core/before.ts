import type { ProductStatus } from "@almanac/catalog";
import type { PricePlanId } from "@almanac/db/schema";
import type { Cents } from "@almanac/kernel";

/** What was true before an advice was answered, as much as it takes to take the answer back. */
export type Before =
  | {
      readonly kind: "plan";
      readonly plannedBase: number | null;
      /** What was advised, whatever was accepted in its place. */
      readonly advisedBase?: number;
    }
  | { readonly kind: "plans"; readonly fromBase: number; readonly toBase: number }
  | { readonly kind: "planned_price"; readonly planId: PricePlanId }
  | { readonly kind: "status"; readonly status: ProductStatus }
  | { readonly kind: "task" }
  /** Turned down: what such advice had to promise. */
  | { readonly kind: "threshold"; readonly threshold: Cents };
