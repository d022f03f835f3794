import type { Season } from "@almanac/kernel";
import type { Evaluation } from "../core/arms/evaluate.ts";
import type {
  RecsysSnapshot,
  SnapshotFarm,
  SnapshotInput,
  SnapshotProduct,
} from "../core/snapshot/snapshot.ts";

/** An order as the database gives it: product ids in one text, which copies to another thread faster than a list. */
export interface OrderText {
  readonly shopperId: string;
  readonly marketId: string;
  readonly day: number;
  /** Ids, separated by commas. */
  readonly products: string;
}

/** What the main thread tells the builder: pieces first, in any number, then `build` or `judge`. */
export type BuilderCall =
  | { readonly kind: "orders"; readonly orders: readonly OrderText[] }
  | { readonly kind: "products"; readonly products: readonly SnapshotProduct[] }
  | {
      readonly kind: "build";
      readonly day: number;
      readonly farms: readonly SnapshotFarm[];
      readonly togetherWithin: NonNullable<SnapshotInput["togetherWithin"]>;
    }
  | {
      /** Judge the arms instead of building. */
      readonly kind: "judge";
      readonly day: number;
      readonly farms: readonly SnapshotFarm[];
      readonly season: Season;
    };

export type BuilderAnswer =
  | {
      readonly kind: "built";
      /** Its typed arrays were handed over, not copied. */
      readonly snapshot: RecsysSnapshot;
    }
  | { readonly kind: "judged"; readonly evaluation: Evaluation | undefined };
