import { answerView, fellAway } from "./advice-views.ts";
import type { Api } from "../request/person.ts";

type Past = Awaited<ReturnType<Api["advice"]["past"]>>;

export interface PastAdvice {
  /** "3 done, 2 no longer needed, 1 turned down, 12 ran out without an answer" */
  readonly summary: string;
  readonly rows: readonly { readonly id: string; readonly words: string }[];
}

const became = [
  ["ACCEPTED", "done"],
  ["FELL_AWAY", "no longer needed"],
  ["REJECTED", "turned down"],
  ["EXPIRED", "ran out without an answer"],
] as const;

/** What came of advice whose day is over. @returns `null` where there was none */
export function pastAdvice(past: Past, now: Date): PastAdvice | null {
  if (past.length === 0) return null;
  const counted = became.flatMap(([status, words]) => {
    const count = past.filter((row) => (fellAway(row) ? "FELL_AWAY" : row.status) === status).length;
    return count === 0 ? [] : [`${count} ${words}`];
  });
  return {
    summary: counted.join(", "),
    rows: past.map((row) => {
      const { id, words } = answerView(row, now);
      return { id, words };
    }),
  };
}
