import { teamDraft, type Team } from "@almanac/experiments";
import { seededRng } from "@almanac/kernel";
import type { CatalogAnswer, CatalogHit } from "./core/answer/search-catalog.ts";

/** A page made of two rankings, with the team that each product was taken from. */
export interface InterleavedAnswer extends CatalogAnswer {
  readonly teams: ReadonlyMap<string, Team>;
}

/**
 * Team-draft interleaving of two rankings of the same candidates, cut into a page. The draft of a longer list begins with
 * that of a shorter one, so every product is on exactly one page. Scores and terms are those of the ranking that placed it.
 *
 * @param a    the first `offset + limit` of one ranking, without offset
 * @param b    the same of the other
 * @param seed of the coins: the same for all pages of one search
 */
export function interleaveAnswers(
  a: CatalogAnswer,
  b: CatalogAnswer,
  { seed, offset, limit }: { seed: string; offset: number; limit: number },
): InterleavedAnswer {
  const idsOf = ({ hits }: CatalogAnswer): string[] => hits.map(({ productId }) => productId);
  const { items, teams } = teamDraft(idsOf(a), idsOf(b), { rng: seededRng(seed), limit: offset + limit });
  const hitOf = {
    a: new Map(a.hits.map((hit) => [hit.productId, hit])),
    b: new Map(b.hits.map((hit) => [hit.productId, hit])),
  };
  const drafted = items.flatMap((id, place): CatalogHit[] => {
    const hit = hitOf[teams[place]!].get(id);
    return hit ? [{ ...hit, rank: place + 1 }] : [];
  });
  return {
    ...a,
    hits: drafted.slice(offset, offset + limit),
    teams: new Map(items.map((id, place) => [id, teams[place]!])),
  };
}
