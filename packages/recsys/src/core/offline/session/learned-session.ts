import type { Rng } from "@almanac/kernel";
import { fitBoostedTrees, predictProbabilities } from "@almanac/ml";
import type { BoostedTrees } from "@almanac/ml";
import type { SessionLog, SessionScorer } from "../session-knn.ts";
import { sessionCandidates, sessionFeatureCount } from "./session-features.ts";
import type { SessionCandidates } from "./session-features.ts";
import { fitSessionSources } from "./session-sources.ts";

export interface LearnedSessionOptions {
  readonly rng: Rng;
  /** Clicks that are learned from at most. */
  readonly questions?: number;
  readonly trees?: number;
  readonly onProgress?: (share: number) => void;
}

/** The latest sessions teach; what is known of sessions while they do is of the ones before. */
const taughtShare = 0.2;
/** With fewer clicks than these in them, the block before teaches too, and the one before that. */
const wantedQuestions = 5_000;
const mostBlocks = 3;
/** Fewer clicks teach nothing. */
const fewestQuestions = 100;

/**
 * The next click by boosted trees over what sessions alike, rules, transitions and the session's own clicks say of the
 * hundred likeliest items, by the odds that each is clicked next. They learn from the latest fifth of the sessions, each
 * click predicted from the clicks before it and from the sessions before that fifth; where that is little, from the fifths
 * before it too, each from what lies before it. With hardly a session to learn from, the plain sum of the models serves.
 */
export function fitLearnedSession(log: SessionLog, options: LearnedSessionOptions): SessionScorer {
  const model = learn(log, options);
  const sources = fitSessionSources(log);
  return {
    name: "learned",
    addScores(session, scores) {
      const { items, values } = sessionCandidates(sources, session);
      if (items.length === 0) return;
      const odds =
        model === undefined
          ? items.map((_, rank) => 1 / (1 + rank))
          : predictProbabilities(model, { width: sessionFeatureCount, values });
      items.forEach((item, at) => (scores[item]! += odds[at]!));
    },
  };
}

function learn(log: SessionLog, options: LearnedSessionOptions): BoostedTrees | undefined {
  const { rng, questions: most = 10_000, trees = 100, onProgress } = options;
  const blocks = blocksOf(log);
  const clicks = blocks.reduce((sum, { questions }) => sum + questions.length, 0);
  if (clicks < fewestQuestions) return undefined;
  const step = Math.ceil(clicks / most);
  const asked: { readonly candidates: SessionCandidates; readonly next: number }[] = [];
  let at = 0;
  for (const { before, questions } of blocks) {
    const sources = fitSessionSources(before);
    for (const { session, next } of questions) {
      if (at++ % step !== 0) continue;
      const candidates = sessionCandidates(sources, session);
      // Where the item is no candidate there is nothing to tell apart.
      if (candidates.items.includes(next)) asked.push({ candidates, next });
      onProgress?.(at / clicks / 2);
    }
  }
  if (asked.length === 0) return undefined;
  const rows = asked.reduce((sum, { candidates }) => sum + candidates.items.length, 0);
  const values = new Float32Array(rows * sessionFeatureCount);
  const labels = new Uint8Array(rows);
  let row = 0;
  for (const { candidates, next } of asked) {
    values.set(candidates.values, row * sessionFeatureCount);
    for (const item of candidates.items) labels[row++] = item === next ? 1 : 0;
  }
  return fitBoostedTrees(
    { features: { width: sessionFeatureCount, values }, labels },
    {
      loss: "logistic",
      trees,
      learningRate: 0.06,
      maxLeaves: 8,
      minChildWeight: 20,
      columnShare: 0.5,
      seed: rng.int(2 ** 30),
      onProgress: (share) => onProgress?.((1 + share) / 2),
    },
  );
}

interface Block {
  /** The sessions that had ended before those of the block. */
  readonly before: SessionLog;
  readonly questions: readonly { readonly session: readonly number[]; readonly next: number }[];
}

/** The latest fifth of the sessions, and while its clicks are too few the ones before it. */
function blocksOf(log: SessionLog): Block[] {
  const byEnd = [...log.sessions.keys()].sort((a, b) => log.endedAt[a]! - log.endedAt[b]! || a - b);
  const cutOf = (block: number): number => Math.floor(byEnd.length * (1 - block * taughtShare));
  const blocks: Block[] = [];
  let clicks = 0;
  while (blocks.length < mostBlocks && clicks < wantedQuestions) {
    const cut = cutOf(blocks.length + 1);
    const past = byEnd.slice(0, cut);
    const questions = byEnd.slice(cut, cutOf(blocks.length)).flatMap((session) => {
      const items = log.sessions[session]!;
      return items.slice(1).map((next, at) => ({ session: items.slice(0, at + 1), next }));
    });
    const before = {
      itemCount: log.itemCount,
      sessions: past.map((session) => log.sessions[session]!),
      endedAt: past.map((session) => log.endedAt[session]!),
    };
    blocks.push({ before, questions });
    clicks += questions.length;
  }
  return blocks;
}
