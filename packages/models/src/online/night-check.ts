/** What a rebuild from the log found when it was held against what had been learned line by line. */
export interface NightCheck {
  readonly kind: "agrees" | "people left" | "replaced";
  readonly at: string;
  /** Lines that both were learned from. */
  readonly lines: number;
  /** The largest difference of any number of two tastes or counts. */
  readonly difference: number;
  /** How alike the first ten are of those that both know, on average: 1 where they are the same (Jaccard). */
  readonly overlap: number;
  /** For people. */
  readonly words: string;
}

/** Both sides of a comparison. */
export interface Compared {
  readonly live: Counted;
  readonly rebuilt: Counted;
  readonly difference: number;
  readonly overlap: number;
  /** People that only one of both knows. */
  readonly onlyOne: number;
}

interface Counted {
  readonly seen: number;
  readonly learned: number;
  readonly people: number;
}

const inWords = (count: number): string => count.toLocaleString("en-GB");

/** From when on two lists of ten count as the same: what is asked of others when one person is poisoned. */
const enoughOverlap = 0.9;

/**
 * The same lines in the same order come to the same bits, so every difference has a cause. People who left or signed in since
 * explain some: the log has their lines still, and nothing may be learned from them, or they are somebody else's. Then lists
 * have to be nearly the same. Whatever else differs, lines were lost or counted twice.
 */
export function judgeNight({ live, rebuilt, difference, overlap, onlyOne }: Compared, at: Date): NightCheck {
  const found = { at: at.toISOString(), lines: rebuilt.seen, difference, overlap };
  if (live.seen !== rebuilt.seen)
    return {
      ...found,
      kind: "replaced",
      words: `${inWords(live.seen)} lines had been taken in where the log has ${inWords(rebuilt.seen)}.`,
    };
  const left = live.learned - rebuilt.learned;
  const isMoved = left !== 0 || live.people !== rebuilt.people || onlyOne > 0;
  if (!isMoved && difference === 0)
    return {
      ...found,
      kind: "agrees",
      words: `All ${inWords(rebuilt.seen)} lines come to the same, bit by bit.`,
    };
  if (isMoved && overlap >= enoughOverlap)
    return {
      ...found,
      kind: "people left",
      words: `People left or signed in since: what was learned from ${inWords(Math.max(0, left))} lines of theirs has been taken out.`,
    };
  return { ...found, kind: "replaced", words: "The same lines came to something else." };
}
