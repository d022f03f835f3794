import type { Rng } from "@almanac/kernel";
import { normalCdf } from "./special-functions.ts";

export type Team = "a" | "b";

/** One list made of two, with the ranking that each item came from. */
export interface Interleaved {
  readonly items: readonly string[];
  readonly teams: readonly Team[];
}

/**
 * Team-draft interleaving: in each round both rankings pick their best item that is not yet taken, in an order that a coin
 * decides. Each shopper sees both rankings at once, so that far fewer shoppers tell them apart than two arms would need.
 *
 * Radlinski, Kurup, Joachims (2008), "How does clickthrough data reflect retrieval quality?", CIKM.
 *
 * @param limit length of the list at most; an item that both rank is taken once
 */
export function teamDraft(
  a: readonly string[],
  b: readonly string[],
  { rng, limit }: { rng: Rng; limit: number },
): Interleaved {
  const items: string[] = [];
  const teams: Team[] = [];
  const taken = new Set<string>();
  const rankings = { a, b };
  const next = { a: 0, b: 0 };
  const pick = (team: Team): void => {
    const ranking = rankings[team];
    while (next[team] < ranking.length && taken.has(ranking[next[team]]!)) next[team] += 1;
    const item = ranking[next[team]];
    if (item === undefined || items.length >= limit) return;
    taken.add(item);
    items.push(item);
    teams.push(team);
  };
  for (let before = -1; items.length < limit && items.length > before;) {
    before = items.length;
    const first: Team = rng.next() < 0.5 ? "a" : "b";
    pick(first);
    pick(first === "a" ? "b" : "a");
  }
  return { items, teams };
}

/** Clicks of one list by team: whose item was clicked gets the credit. */
export function creditOf({ items, teams }: Interleaved, clicked: Iterable<string>): Record<Team, number> {
  const credit = { a: 0, b: 0 };
  for (const item of new Set(clicked)) {
    const team = teams[items.indexOf(item)];
    if (team) credit[team] += 1;
  }
  return credit;
}

export interface InterleavingResult {
  readonly winsA: number;
  readonly winsB: number;
  readonly ties: number;
  /** (winsB + ties / 2) / lists - 1/2: above zero when b is preferred. `undefined` without lists. */
  readonly preferenceB: number | undefined;
  /** Two-sided sign test of the lists that were not tied. */
  readonly p: number;
}

/**
 * Which ranking wins more lists.
 *
 * Exact binomial up to 1,000 untied lists, then the normal approximation with the correction for continuity.
 */
export function interleavingResult(credits: Iterable<Record<Team, number>>): InterleavingResult {
  let winsA = 0;
  let winsB = 0;
  let ties = 0;
  for (const { a, b } of credits) {
    if (a > b) winsA += 1;
    else if (b > a) winsB += 1;
    else ties += 1;
  }
  const lists = winsA + winsB + ties;
  return {
    winsA,
    winsB,
    ties,
    preferenceB: lists === 0 ? undefined : (winsB + ties / 2) / lists - 0.5,
    p: signTest(Math.min(winsA, winsB), winsA + winsB),
  };
}

function signTest(fewer: number, n: number): number {
  if (n === 0) return 1;
  if (n > 1_000) return Math.min(1, 2 * normalCdf((fewer + 0.5 - n / 2) / Math.sqrt(n / 4)));
  let logTerm = -n * Math.LN2;
  let tail = Math.exp(logTerm);
  for (let k = 1; k <= fewer; k++) tail += Math.exp((logTerm += Math.log((n - k + 1) / k)));
  return Math.min(1, 2 * tail);
}
