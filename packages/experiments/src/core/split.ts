import type { Arm } from "./experiment.ts";
import { chiSquareTail } from "./special-functions.ts";
import { checkRatio, ratioAlarmLevel, type RatioCheck } from "./srm.ts";

/** A time in which the same arms were dealt: until one of them was stopped, the next one, or today. */
export interface SplitPeriod {
  /** Keys of the arms that were dealt. */
  readonly arms: readonly string[];
  /** Shoppers first exposed in this time, by arm. */
  readonly exposed: Readonly<Record<string, number>>;
}

/** All periods together, and each of those in which anybody came. */
export interface SplitCheck extends RatioCheck {
  readonly periods: readonly (RatioCheck & Pick<SplitPeriod, "arms">)[];
}

/**
 * Whether shoppers were split as was meant. Who would get a stopped arm is not counted, so each period is held against the arms that
 * were dealt in it, and all together too: periods have other shoppers, so that their chi-squares add up, with their degrees of freedom.
 *
 * @param arms with the shares that were meant, of all of them
 */
export function checkSplit(arms: readonly Arm[], periods: readonly SplitPeriod[]): SplitCheck {
  const checked = periods.flatMap((period) => {
    const dealt = arms.filter(({ key }) => period.arms.includes(key));
    const counts = dealt.map(({ key }) => period.exposed[key] ?? 0);
    if (dealt.length < 2 || counts.every((count) => count === 0)) return [];
    const weights = dealt.map(({ weight }) => weight);
    return [{ arms: dealt.map(({ key }) => key), ...checkRatio(counts, weights) }];
  });
  const chiSquare = checked.reduce((sum, period) => sum + period.chiSquare, 0);
  const degrees = checked.reduce((sum, period) => sum + period.arms.length - 1, 0);
  const p = degrees === 0 ? 1 : chiSquare === Infinity ? 0 : chiSquareTail(chiSquare, degrees);
  // What was found wrong in one period stays found, however well the others were split.
  const isAlarm = p < ratioAlarmLevel || checked.some((period) => period.isAlarm);
  return { chiSquare, p, isAlarm, periods: checked };
}
