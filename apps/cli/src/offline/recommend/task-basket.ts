import { seededRng } from "@almanac/kernel";
import type { Rng } from "@almanac/kernel";
import {
  dirichletShrinkage,
  fitTifuKnn,
  personalDecay,
  personalFrequency,
  popularBaskets,
  topK,
} from "@almanac/recsys/offline";
import type { BasketLog, BasketQuery, BasketScorer } from "@almanac/recsys/offline";
import { chooseDiscovery, fitLearnedBasket, readPurchaseDiary } from "@almanac/recsys/learned";
import type { LearnedBasketOptions, LearnedBasketScorer } from "@almanac/recsys/learned";
import { laterBasketsOf, toBaskets } from "./basket-log.ts";
import { chooseBasketModel, heldOutDays, lastDayOf } from "./choose-basket-model.ts";
import type { BasketCandidate } from "./choose-basket-model.ts";
import { readInteractions, readItemColumn } from "./interactions.ts";
import type { Interactions } from "./interactions.ts";
import { unknownModel } from "./options.ts";
import type { RecommendOptions } from "./options.ts";
import type { Progress } from "./progress.ts";
import { readUserIds } from "./queries.ts";
import type { TaskResult } from "./result.ts";

const basketModels = [
  "random",
  "popular",
  "personal-frequency",
  "personal-decay",
  "dirichlet",
  "tifu-knn",
  "hybrid",
] as const;

interface Asked {
  readonly id: string;
  readonly query: BasketQuery;
}

/**
 * Task `basket`: what a user buys next, repeats wanted. A plain id asks for what follows the training data; `u#n` asks
 * for u's basket n and sees u's baskets with a smaller `seq`, and those of others only if dated before it.
 */
export async function recommendBaskets(options: RecommendOptions, progress: Progress): Promise<TaskResult> {
  if (options.model !== "auto" && !basketModels.some((name) => name === options.model))
    throw unknownModel(options.model, options.task, ["auto", ...basketModels]);
  const renamed =
    options.items === undefined ? undefined : await readItemColumn(options.items, options.itemAs!);
  const ids = await readUserIds(options.users!);
  const interactions = await readInteractions(options.train, { renamed });
  const log = toBaskets(interactions);
  progress.step(
    `read ${interactions.rowCount} rows, ${log.byUser.length} users, ${interactions.itemIds.length} items`,
  );
  const later =
    options.history.length === 0
      ? undefined
      : await readInteractions(options.history, { renamed, mayBeEmpty: true });
  const asked = buildQueries(ids, interactions, log, later);
  const others = knownToEveryQuery(log, asked);
  const isWalkForward = ids.some((id) => splitId(id, interactions.users) !== undefined);
  const rng = seededRng(options.seed);
  const byBasket = isWalkForward || interactions.hasSeq || !interactions.hasDates;
  const diary = readPurchaseDiary({
    itemCount: log.itemCount,
    byUser: [...log.byUser, ...(later === undefined ? [] : laterBasketsOf(later, interactions).values())],
  });
  const learned: Partial<LearnedBasketOptions> = byBasket
    ? { diary }
    : { diary, stretchDays: heldOutDays(log) };
  const candidates = basketCandidates(rng, progress, learned);
  let chosen = candidates.find((candidate) => candidate.name === options.model) ?? candidates[0]!;
  let validation: TaskResult["validation"];
  if (options.model === "auto") {
    const choice = chooseBasketModel(candidates, others, byBasket, progress);
    chosen = choice.chosen;
    validation = choice.validation;
  }
  progress.step(`fitting ${chosen.name}`);
  const scorer = chosen.fit(others);
  const share = progress.share("recommending");
  return {
    rows: interactions.rowCount,
    catalogue: log.itemCount,
    model: chosen.name,
    validation,
    lists: (function* () {
      for (const [at, { id, query }] of asked.entries()) {
        const scores = new Float64Array(log.itemCount);
        scorer.addScores(query, scores);
        share((at + 1) / asked.length);
        yield { user: id, items: topK(scores, options.k).map((item) => interactions.itemIds[item]!) };
      }
    })(),
  };
}

function splitId(id: string, users: ReadonlyMap<string, number>): { user: string; seq: number } | undefined {
  if (users.has(id)) return undefined;
  const at = id.lastIndexOf("#");
  const seq = Number(id.slice(at + 1));
  return at > 0 && id.length > at + 1 && Number.isInteger(seq) ? { user: id.slice(0, at), seq } : undefined;
}

function buildQueries(
  ids: readonly string[],
  interactions: Interactions,
  log: BasketLog,
  later: Interactions | undefined,
): Asked[] {
  const { users } = interactions;
  const laterBaskets = later === undefined ? undefined : laterBasketsOf(later, interactions);
  const dayAfter = Math.floor(lastDayOf(log)) + 1;
  return ids.map((id) => {
    const split = splitId(id, users);
    const user = users.get(split?.user ?? id) ?? -1;
    const trained = log.byUser[user] ?? [];
    if (split === undefined) return { id, query: { user, past: trained, day: dayAfter } };
    const all = [...trained, ...(laterBaskets?.get(split.user) ?? [])].sort((a, b) => a.order - b.order);
    const target = all.find((basket) => basket.order === split.seq);
    const past = all.filter((basket) => basket.order < split.seq);
    return { id, query: { user, past, day: target?.day ?? NaN } };
  });
}

/**
 * What every question may know of other users: with dates, what was bought before the earliest day that is asked for;
 * and of the user who is asked about, nothing from the asked basket on.
 */
function knownToEveryQuery(log: BasketLog, asked: readonly Asked[]): BasketLog {
  const firstDay = asked.reduce((first, { query }) => (query.day < first ? query.day : first), Infinity);
  const lastOrder = new Map<number, number>();
  for (const { query } of asked)
    if (query.past.length < (log.byUser[query.user]?.length ?? 0))
      lastOrder.set(
        query.user,
        Math.min(lastOrder.get(query.user) ?? Infinity, query.past.at(-1)?.order ?? -Infinity),
      );
  if (firstDay === Infinity && lastOrder.size === 0) return log;
  return {
    ...log,
    byUser: log.byUser.map((baskets, user) =>
      baskets.filter(
        (basket) => !(basket.day >= firstDay) && basket.order <= (lastOrder.get(user) ?? Infinity),
      ),
    ),
  };
}

function basketCandidates(
  rng: Rng,
  progress: Progress,
  learned: Partial<LearnedBasketOptions>,
): BasketCandidate[] {
  const candidates: BasketCandidate[] = [
    { name: "popular", fit: popularBaskets },
    { name: "personal-frequency", fit: personalFrequency },
    { name: "personal-decay", fit: (log) => personalDecay(log, 0.95) },
    { name: "dirichlet", fit: (log) => dirichletShrinkage(log) },
    { name: "tifu-knn", fit: (log) => fitTifuKnn(log) },
    learnedCandidate(rng, progress, learned),
    {
      name: "random",
      fit: () => {
        const draw = rng.fork("random");
        return {
          name: "random",
          addScores: (_, scores) => scores.forEach((_s, i) => (scores[i]! += draw.next())),
        };
      },
    },
  ];
  for (const strength of [50, 300])
    for (const priorHalfLifeDays of [28, 112])
      candidates.push({
        name: `dirichlet ${strength}/${priorHalfLifeDays}`,
        fit: (log) => dirichletShrinkage(log, { strength, priorHalfLifeDays }),
      });
  for (const ownShare of [0.3, 0.7])
    candidates.push({ name: `tifu-knn ${ownShare}`, fit: (log) => fitTifuKnn(log, { ownShare }) });
  return candidates;
}

/** What a model learns from, and how long, when it is only compared: who leads shows long before the last hundredth. */
const trial = { questions: 1_500, trees: 100, pairs: 2 };

function learnedCandidate(
  rng: Rng,
  progress: Progress,
  learned: Partial<LearnedBasketOptions>,
): BasketCandidate {
  const fit = (log: BasketLog, isTrial = false): LearnedBasketScorer =>
    fitLearnedBasket(log, {
      ...learned,
      ...(isTrial ? trial : {}),
      rng: rng.fork("trees"),
      onProgress: progress.share("hybrid"),
    });
  return {
    name: "hybrid",
    fit,
    tuned(scorer, questions) {
      if (!isLearned(scorer)) return this;
      const discovery = chooseDiscovery(scorer, questions);
      progress.step(`new items are lifted by ${discovery}`);
      return learnedCandidate(rng, progress, { ...learned, discovery });
    },
  };
}

function isLearned(scorer: BasketScorer): scorer is LearnedBasketScorer {
  return "judge" in scorer;
}
