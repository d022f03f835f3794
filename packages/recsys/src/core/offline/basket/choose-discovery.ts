import { topK } from "../../scores/top-k.ts";
import { ndcgAtK, recallAtK } from "../ranking-metrics.ts";
import type { LessonSample } from "./basket-lessons.ts";
import { scoresWithDiscovery } from "./discovery-order.ts";
import type { LearnedBasketScorer } from "./learned-basket.ts";

const lifts = [0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8];
/** Share of the new items that are bought next which ten places should find. */
const wantedRecall = 0.05;
/** What discovery may cost of NDCG@10. */
const mostPaid = 0.02;

/** Means over questions, at ten places. */
interface Trade {
  readonly lift: number;
  readonly ndcg: number;
  /** Recall of what the user had never bought, over questions with such an answer. */
  readonly newRecall: number;
}

/**
 * The least lift of new items, in log-odds, with which one in twenty of them is found; where none does, the one that finds
 * the most. Never one that costs more than a fiftieth of NDCG@10, or more of it than it adds to what is found.
 *
 * What is found hangs on few questions, so ask as many as there are: on a fifth of them the choice was mostly luck. Not the
 * largest lift within one standard error of the best NDCG@10: a few thousand questions leave an error of three hundredths,
 * which is what that rule would pay (docs/benches/recommending-models.md).
 */
export function chooseDiscovery(scorer: LearnedBasketScorer, questions: readonly LessonSample[]): number {
  const trades = tradesOf(scorer, questions);
  const plain = trades[0]!;
  const worthwhile = trades.filter(
    ({ ndcg, newRecall }) =>
      ndcg >= (1 - mostPaid) * plain.ndcg && newRecall - plain.newRecall >= plain.ndcg - ndcg,
  );
  const enough = worthwhile.find(({ newRecall }) => newRecall >= wantedRecall);
  return (enough ?? worthwhile.reduce((best, trade) => (trade.newRecall > best.newRecall ? trade : best)))
    .lift;
}

function tradesOf(scorer: LearnedBasketScorer, questions: readonly LessonSample[]): Trade[] {
  const ndcg = lifts.map(() => 0);
  const newRecall = lifts.map(() => 0);
  let withNew = 0;
  for (const { query, truth } of questions) {
    const odds = scorer.judge(query);
    const owned = new Set(query.past.flatMap((basket) => basket.items));
    const newTruth = new Set([...truth].filter((item) => !owned.has(item)));
    if (newTruth.size > 0) withNew++;
    lifts.forEach((lift, i) => {
      const ranked = topK(scoresWithDiscovery(odds, lift), 10).map((at) => odds.items[at]!);
      ndcg[i]! += ndcgAtK(ranked, truth, 10);
      newRecall[i]! += recallAtK(ranked, newTruth, 10);
    });
  }
  return lifts.map((lift, i) => ({
    lift,
    ndcg: ndcg[i]! / Math.max(1, questions.length),
    newRecall: newRecall[i]! / Math.max(1, withNew),
  }));
}
