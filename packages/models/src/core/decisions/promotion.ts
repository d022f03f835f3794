import type { Interval } from "./interval.ts";

export interface PromotionCase {
  readonly hasChampion: boolean;
  /** Another version is being rolled out. */
  readonly isRolling: boolean;
  /** It was trained because what comes in has drifted. */
  readonly isDrift: boolean;
  /** Loss of the champion minus loss of the new version on the same rows; absent where they cannot be compared. */
  readonly againstChampion?: Interval;
}

/**
 * What becomes of a new version. It has to beat the champion beyond doubt, by the interval of paired losses on rows that
 * neither has learned from, to be put into its shadow by itself; who serves is then decided by a person, step by step.
 */
export function judgePromotion({ hasChampion, isRolling, isDrift, againstChampion }: PromotionCase): {
  readonly act: "activate" | "shadow" | "keep";
  readonly words: string;
} {
  if (!hasChampion) return { act: "activate", words: "It is the first version, so it is live." };
  if (isRolling) return { act: "keep", words: "It is kept: another version is being rolled out." };
  const isBetter = againstChampion !== undefined && againstChampion.low > 0;
  if (isBetter)
    return { act: "shadow", words: "It beats the champion beyond doubt, so it is in its shadow." };
  if (isDrift)
    return { act: "shadow", words: "What comes in has drifted, so it is in the champion's shadow." };
  const isWorse = againstChampion !== undefined && againstChampion.high < 0;
  if (isWorse) return { act: "keep", words: "It is worse than the champion, and is kept." };
  return { act: "keep", words: "It is not better than the champion beyond doubt, and is kept." };
}

/**
 * What becomes of a new version of a model that tells the next few weeks alone. One that is left in its place has soon nothing
 * more to say, so the new one takes it unless it is worse beyond doubt on weeks that neither knew.
 */
export function judgeRenewal({ hasChampion, isRolling, againstChampion }: PromotionCase): {
  readonly act: "activate" | "keep";
  readonly words: string;
} {
  if (!hasChampion) return { act: "activate", words: "It is the first version, so it is live." };
  if (isRolling) return { act: "keep", words: "It is kept: another version is being rolled out." };
  if (againstChampion !== undefined && againstChampion.high < 0)
    return { act: "keep", words: "It is worse than the champion beyond doubt, and is kept." };
  return { act: "activate", words: "It knows the weeks since, and is not worse beyond doubt: it is live." };
}

export interface FarmPromotionCase extends PromotionCase {
  /** Loss of the general version minus loss of the new one, on the farm's own rows. */
  readonly againstGeneral?: Interval;
  /** The same of the farm's champion. */
  readonly championAgainstGeneral?: Interval;
}

/**
 * What becomes of a farm's own version. The general one is there already and has learned from everybody, so a farm's own has to
 * beat it beyond doubt on the farm's own later rows, the first one too; and one that was live goes when it no longer does as well.
 */
export function judgeFarmPromotion(facts: FarmPromotionCase): {
  readonly act: "activate" | "shadow" | "keep" | "retire";
  readonly words: string;
} {
  const { hasChampion, againstGeneral, championAgainstGeneral } = facts;
  if (!againstGeneral) {
    const why = "it cannot be compared with the general one yet, which goes on answering";
    return { act: "keep", words: `It is kept: ${why}.` };
  }
  const isBetter = againstGeneral.low > 0;
  const isOutdone = hasChampion && championAgainstGeneral !== undefined && championAgainstGeneral.high < 0;
  if (isBetter && (!hasChampion || isOutdone))
    return {
      act: "activate",
      words: "It beats the general one on the farm’s own customers beyond doubt: it is live.",
    };
  if (isOutdone)
    return {
      act: "retire",
      words: "The general one does better than the farm’s own beyond doubt, and answers again.",
    };
  if (hasChampion && isBetter) return judgePromotion(facts);
  const why = againstGeneral.high < 0 ? "is worse than" : "does not beat";
  const doubt = againstGeneral.high < 0 ? "" : " beyond doubt";
  return {
    act: "keep",
    words: `It ${why} the general one on the farm’s own customers${doubt}: that goes on answering.`,
  };
}
