import type { Token } from "./tokenize.ts";

/** What food is sold without, as terms. */
const leftOut: ReadonlySet<string> = new Set(
  (
    "additive alcohol antibiotic caffeine cage chemical cholesterol dairy egg fat gluten gmo grain hormone lactose meat milk nut " +
    "peanut pesticide preservative salt soy spray sugar sulphite wheat yeast"
  ).split(" "),
);
/** "free range" and "free run" are one thing: "eggs free range" asks for no egg-free ones. */
const afterFree: ReadonlySet<string> = new Set(["range", "ranged", "ranging", "run", "roaming", "flow"]);

/**
 * "gluten free" or "no gluten" of the two words that begin at `at`, as one word that nothing else is: "gluten-free".
 * Nothing where they say something else.
 */
export function freeOf(tokens: readonly Token[], at: number): string | undefined {
  const [first, second, after] = tokens.slice(at, at + 3);
  if (first === undefined || second === undefined) return undefined;
  if ((first.surface === "no" || first.surface === "without") && leftOut.has(second.term)) {
    return `${second.term}-free`;
  }
  if (second.surface !== "free" || !leftOut.has(first.term)) return undefined;
  return after !== undefined && afterFree.has(after.surface) ? undefined : `${first.term}-free`;
}
