import { seededRng } from "@almanac/kernel";
import {
  blendSessions,
  fadingLikeness,
  fitSequentialRules,
  fitSessionKnn,
  hybridShares,
  ndcgAtK,
  revisits,
  topK,
} from "@almanac/recsys/offline";
import type { SessionKnnOptions, SessionLog, SessionScorer } from "@almanac/recsys/offline";
import { fitLearnedSession } from "@almanac/recsys/learned";
import { readInteractions } from "./interactions.ts";
import type { Interactions } from "./interactions.ts";
import { unknownModel } from "./options.ts";
import type { RecommendOptions } from "./options.ts";
import type { Progress } from "./progress.ts";
import { readListQueries } from "./queries.ts";
import type { TaskResult } from "./result.ts";

const sessionModels = ["random", "popular", "sequential-rules", "session-knn", "hybrid", "learned"] as const;
const maxHeldOut = 1_500;

interface Candidate {
  readonly name: string;
  fit(log: SessionLog): SessionScorer;
}

/** Task `session`: the next item of a running session; items of the session may come again. */
export async function recommendSession(options: RecommendOptions, progress: Progress): Promise<TaskResult> {
  const interactions = await readInteractions(options.train);
  const queries = await readListQueries(options.queries!, "session");
  const log = sessionLog(interactions);
  progress.step(
    `read ${interactions.rowCount} rows, ${log.sessions.length} sessions, ${log.itemCount} items`,
  );
  const named = namedModel(options.model, options.seed, progress);
  const candidates = [
    popularCandidate,
    rulesCandidate,
    ...autoCandidates(),
    learnedCandidate(options.seed, progress),
  ];
  let chosen = named ?? candidates[0]!;
  let validation: TaskResult["validation"];
  if (options.model === "auto") {
    const split = splitByTime(log);
    const measured = candidates.map((candidate) => {
      const ndcg10 = meanNdcg(candidate.fit(split.train), split.heldOut, log.itemCount);
      progress.step(`${candidate.name}: ndcg@10 ${ndcg10.toFixed(4)}`);
      return { candidate, ndcg10: Number(ndcg10.toFixed(5)) };
    });
    const best = measured.reduce((a, b) => (b.ndcg10 > a.ndcg10 ? b : a));
    chosen = best.candidate;
    validation = measured.map(({ candidate, ndcg10 }) => ({ name: candidate.name, ndcg10 }));
  } else if (named === undefined) throw unknownModel(options.model, options.task, ["auto", ...sessionModels]);

  const scorer = chosen.fit(log);
  const popular = popularItems(log);
  const share = progress.share("recommending");
  return {
    rows: interactions.rowCount,
    catalogue: log.itemCount,
    model: chosen.name,
    validation,
    lists: (function* () {
      for (const [at, { user, items }] of queries.entries()) {
        const ranked = rankNext(
          scorer,
          items.map((id) => interactions.items.get(id) ?? -1),
          log.itemCount,
          options.k,
        );
        const filled = [...new Set([...ranked, ...popular])].slice(0, options.k);
        share((at + 1) / queries.length);
        yield { user, items: filled.map((item) => interactions.itemIds[item]!) };
      }
    })(),
  };
}

const rulesCandidate: Candidate = { name: "sequential-rules", fit: fitSequentialRules };
const popularCandidate: Candidate = {
  name: "popular",
  fit(log) {
    const counts = itemCounts(log);
    return {
      name: "popular",
      addScores: (_, scores) => scores.forEach((_s, i) => (scores[i]! += counts[i]!)),
    };
  },
};

/** Items that were voted for, best first; fewer than k when the session is unlike any other. */
function rankNext(scorer: SessionScorer, session: readonly number[], itemCount: number, k: number): number[] {
  const scores = new Float64Array(itemCount);
  scorer.addScores(session, scores);
  return topK(scores, k, (item) => scores[item]! > 0);
}

/** V-SKNN as published, with rules, and two that fade by age and go back to what the session has seen. */
function autoCandidates(): Candidate[] {
  const plain = [50, 100, 200].flatMap((neighbours) =>
    [0, 0.3, 0.6].map((weight) => ({
      name: weight === 0 ? `session-knn ${neighbours}` : `hybrid ${neighbours}/${weight}`,
      fit: (log: SessionLog) =>
        weight === 0 ? fitSessionKnn(log, { neighbours }) : fitHybrid(log, { neighbours }, weight),
    })),
  );
  const fading = [30, Infinity].flatMap((halfLife) =>
    [0.3, 0.6].map((weight) => ({
      name: `hybrid fading ${halfLife === Infinity ? "never" : `${halfLife} days`}/${weight}`,
      fit: (log: SessionLog) =>
        fitHybrid(log, { ...fadingLikeness, halfLife }, weight, hybridShares.revisits),
    })),
  );
  return [...plain, ...fading];
}

/** Trees over what all of these say: the same draws whenever it is fitted. */
function learnedCandidate(seed: number, progress: Progress): Candidate {
  const fit = (log: SessionLog): SessionScorer =>
    fitLearnedSession(log, { rng: seededRng(seed), onProgress: progress.share("learning clicks") });
  return { name: "learned", fit };
}

/** Sessions alike, what tends to follow the last item, and what the session has seen. */
function fitHybrid(
  log: SessionLog,
  likeness: SessionKnnOptions,
  ruleWeight: number,
  revisitShare = 0,
): SessionScorer {
  return blendSessions("hybrid", [
    { scorer: fitSessionKnn(log, likeness), weight: 1 },
    { scorer: fitSequentialRules(log), weight: ruleWeight },
    { scorer: revisits(), weight: revisitShare },
  ]);
}

function namedModel(model: string, seed: number, progress: Progress): Candidate | undefined {
  if (model === "learned") return learnedCandidate(seed, progress);
  if (model === "session-knn") return { name: model, fit: (log) => fitSessionKnn(log) };
  if (model === "sequential-rules") return rulesCandidate;
  if (model === "hybrid")
    return {
      name: model,
      fit: (log) => fitHybrid(log, { ...fadingLikeness, halfLife: 30 }, 0.6, hybridShares.revisits),
    };
  if (model === "popular") return popularCandidate;
  if (model !== "random") return undefined;
  const rng = seededRng(seed);
  return {
    name: model,
    fit: () => ({
      name: model,
      addScores: (_, scores) => scores.forEach((_s, i) => (scores[i]! += rng.next())),
    }),
  };
}

function sessionLog(interactions: Interactions): SessionLog {
  const events: { order: number; item: number; row: number }[][] = Array.from(
    { length: interactions.users.size },
    () => [],
  );
  interactions.user.forEach((session, row) =>
    events[session]!.push({ order: interactions.order[row]!, item: interactions.item[row]!, row }),
  );
  for (const session of events) session.sort((a, b) => a.order - b.order || a.row - b.row);
  return {
    itemCount: interactions.itemIds.length,
    sessions: events.map((session) => session.map((event) => event.item)),
    endedAt: events.map((session) => session.at(-1)?.order ?? -Infinity),
  };
}

/** Of the sessions, so many are held back at least, and at most. */
const [leastHeldOut, mostHeldOut] = [0.1, 0.2];

/**
 * The last tenth of the sessions is held back, or as much of the last fifth as it takes to ask enough: each click from the
 * second on is one question.
 */
function splitByTime(log: SessionLog): { train: SessionLog; heldOut: { past: number[]; next: number }[] } {
  const byEnd = [...log.sessions.keys()].sort((a, b) => log.endedAt[a]! - log.endedAt[b]!);
  const least = Math.floor(byEnd.length * (1 - mostHeldOut));
  let cut = Math.floor(byEnd.length * (1 - leastHeldOut));
  const questionsIn = (at: number): number => log.sessions[byEnd[at]!]!.length - 1;
  let questions = byEnd.slice(cut).reduce((sum, _, at) => sum + questionsIn(cut + at), 0);
  while (cut > least && questions < maxHeldOut) questions += questionsIn(--cut);
  const training = byEnd.slice(0, cut);
  const heldOut = byEnd.slice(cut).flatMap((session) => {
    const items = log.sessions[session]!;
    return items.slice(1).map((next, at) => ({ past: items.slice(0, at + 1), next }));
  });
  const step = Math.max(1, Math.ceil(heldOut.length / maxHeldOut));
  return {
    train: {
      itemCount: log.itemCount,
      sessions: training.map((session) => log.sessions[session]!),
      endedAt: training.map((session) => log.endedAt[session]!),
    },
    heldOut: heldOut.filter((_, at) => at % step === 0),
  };
}

function meanNdcg(
  scorer: SessionScorer,
  heldOut: readonly { past: number[]; next: number }[],
  itemCount: number,
): number {
  let sum = 0;
  for (const { past, next } of heldOut)
    sum += ndcgAtK(rankNext(scorer, past, itemCount, 10), new Set([next]), 10);
  return sum / Math.max(1, heldOut.length);
}

function itemCounts(log: SessionLog): Float64Array {
  const counts = new Float64Array(log.itemCount);
  for (const session of log.sessions) for (const item of session) counts[item]!++;
  return counts;
}

function popularItems(log: SessionLog): number[] {
  return topK(itemCounts(log), 100);
}
