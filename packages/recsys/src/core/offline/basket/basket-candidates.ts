import { topK } from "../../scores/top-k.ts";
import type { BasketQuery } from "../baskets.ts";
import type { TifuParts } from "../tifu-knn.ts";
import type { BasketSources } from "./basket-sources.ts";
import { spreadOver } from "./follow-rules.ts";
import type { SituationVotes } from "./situation-knn.ts";

type Scores = ReadonlyMap<number, number>;

/** The items that are looked at for one question, own ones first, and every source's opinion of them. */
export interface BasketCandidates {
  readonly items: readonly number[];
  readonly tifu: TifuParts;
  readonly situations: SituationVotes;
  readonly together: Scores;
  readonly samePeople: Scores;
  readonly follows: Scores;
}

const ownKept = 100;

/** Items that the user never bought, by source. The lists overlap; about a hundred remain. */
const newKept = { neighbours: 30, situations: 30, follows: 30, samePeople: 15, together: 15, popular: 60 };

export function gatherCandidates(sources: BasketSources, query: BasketQuery): BasketCandidates {
  const { past, user } = query;
  const { sums } = sources;
  const tifu = sources.tifu.parts(past, user);
  const situations = sources.situations(past, user);
  const together = spreadOver(sources.together, past, { depth: 5, decay: 0.8, limit: 30 }, sums);
  const follows = spreadOver(sources.follows, past, { depth: 5, decay: 0.7, limit: 100 }, sums);
  const samePeople = spreadOver(sources.samePeople, past, { depth: 20, decay: 0.9, limit: 60 }, sums);
  const isNew = (item: number): boolean => !tifu.own.has(item);
  const fresh = new Set([
    ...bestOf(tifu.neighbours, newKept.neighbours, isNew),
    ...bestOf(situations.all, newKept.situations, isNew),
    ...bestOf(follows, newKept.follows, isNew),
    ...bestOf(samePeople, newKept.samePeople, isNew),
    ...bestOf(together, newKept.together, isNew),
    ...sources.popular.filter(isNew).slice(0, newKept.popular),
  ]);
  const items = [...bestOf(tifu.own, ownKept, () => true), ...fresh];
  return { items, tifu, situations, together, samePeople, follows };
}

function bestOf(scores: Scores, k: number, accept: (item: number) => boolean): number[] {
  const items: number[] = [];
  const values: number[] = [];
  for (const [item, score] of scores)
    if (accept(item)) {
      items.push(item);
      values.push(score);
    }
  return topK(values, k).map((at) => items[at]!);
}
