import type { Tone } from "@almanac/ui";

/** A metric as pages write it. */
export interface WrittenMetric {
  readonly key: string;
  readonly name: string;
  readonly unit: "share" | "cents" | "milliseconds";
}

/** 0.2134 of a share as "21.3 %", 1234 cents as "12.34", 4.21 ms as "4.2 ms". */
export function metricValue(value: number, unit: WrittenMetric["unit"]): string {
  if (unit === "share") return `${(100 * value).toFixed(1)}\u00a0%`;
  if (unit === "cents") return (value / 100).toFixed(2);
  return `${value.toFixed(1)} ms`;
}

/** A relative difference with its sign: 0.2 as "+20.0 %". */
export function lift(value: number): string {
  const text = (100 * Math.abs(value)).toFixed(1);
  if (Number(text) === 0) return "0.0\u00a0%";
  return `${value > 0 ? "+" : "−"}${text}\u00a0%`;
}

/** A probability to four digits. */
export const pValue = (p: number): string => (p < 0.0001 ? "< .0001" : p.toFixed(4));

/**
 * The verdict in a sentence, with how it is coloured.
 *
 * @param state.exposed how many shoppers were shown an arm
 * @param state.isStopped whether no more will come
 */
export function verdictWords(
  verdict: { kind: string; arm?: string },
  nameOf: (arm: string) => string,
  { exposed, isStopped }: { exposed: number; isStopped: boolean },
): { title: string; text: string; tone: Tone } {
  switch (verdict.kind) {
    case "mismatch":
      return {
        title: "The split is wrong: there is no result",
        text: "The arms' sizes differ from what was meant by more than chance allows. Something loses or repeats shoppers; whatever the figures seem to say, they cannot be trusted. The comparison is hidden.",
        tone: "urgent",
      };
    case "winner":
      return {
        title: `${nameOf(verdict.arm ?? "")} wins`,
        text: "Its interval lies above zero, at a look that was allowed to decide, and no guardrail is broken.",
        tone: "good",
      };
    case "control_wins":
      return {
        title: "Control wins",
        text: "Every other arm is worse, or breaks a guardrail.",
        tone: "calm",
      };
    case "no_difference":
      return {
        title: "No difference was seen",
        text: "The planned shoppers are there, and zero is still inside of every interval.",
        tone: "calm",
      };
    default:
      return { ...undecidedWords(exposed, isStopped), tone: "calm" };
  }
}

function undecidedWords(exposed: number, isStopped: boolean): { title: string; text: string } {
  if (exposed === 0 && isStopped)
    return {
      title: "Nobody saw it",
      text: "It ended before a shopper was shown an arm: nothing can be compared.",
    };
  if (exposed === 0)
    return { title: "Nobody has seen it yet", text: "The first figures come with the first shoppers." };
  if (isStopped)
    return {
      title: "It ended undecided",
      text: "Zero is inside of the interval, and no more shoppers will come.",
    };
  return {
    title: "Too early to say",
    text: "Zero is inside of the interval. Looking often does no harm here: the intervals hold at every look.",
  };
}

export const statusTones: Readonly<Record<string, Tone>> = {
  draft: "calm",
  running: "good",
  stopped: "calm",
};
