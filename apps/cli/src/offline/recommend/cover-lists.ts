import { spreadExposure } from "@almanac/recsys/offline";
import type { RecommendOptions } from "./options.ts";
import type { TaskResult } from "./result.ts";

/** Places of a list that count as seen. */
const places = 10;
/** How far down a list is looked for what nobody else sees. */
const depth = 300;

/** Share of the catalogue in the first ten places of all lists, before and after. */
export interface Coverage {
  readonly before: number;
  readonly after: number;
}

/**
 * Makes longer lists and has them show the wanted share of the catalogue. All lists then stand in memory together,
 * unlike without the option, as what one shows depends on what the others do.
 */
export async function coverLists(
  options: RecommendOptions,
  share: number,
  run: (options: RecommendOptions) => Promise<TaskResult>,
): Promise<{ readonly result: TaskResult; readonly coverage: Coverage }> {
  const result = await run({ ...options, k: Math.max(options.k, depth) });
  const ranked = [...result.lists];
  const { lists, before, after } = spreadExposure(
    ranked.map(({ items }) => items),
    { places: Math.min(places, options.k), share, catalogue: result.catalogue },
  );
  return {
    result: {
      ...result,
      lists: ranked.map(({ user }, at) => ({ user, items: lists[at]!.slice(0, options.k) })),
    },
    coverage: { before: rounded(before), after: rounded(after) },
  };
}

function rounded(share: number): number {
  return Number(share.toFixed(5));
}
