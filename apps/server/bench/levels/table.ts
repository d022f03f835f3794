/** What the platform promises of speed, as a table: each promise beside what was measured. */

export interface Goal {
  readonly value: number;
  readonly unit: "ms" | "a second" | "%" | "sockets";
  readonly is: "at most" | "at least";
}

export interface Figure {
  /** Stays the same from run to run, so that two runs can be compared. */
  readonly id: string;
  readonly what: string;
  /** Which of the figures is held against the goal: "p95". */
  readonly by: string;
  readonly goal: Goal;
  readonly value: number;
  /** What else was seen, in the goal's unit: `{ p50: 3.1 }`. */
  readonly beside?: Readonly<Record<string, number>>;
}

export const isMet = ({ goal, value }: Pick<Figure, "goal" | "value">): boolean =>
  goal.is === "at most" ? value <= goal.value : value >= goal.value;

const number = (value: number): string =>
  Math.abs(value) >= 100
    ? Math.round(value).toLocaleString("en")
    : value.toFixed(Math.abs(value) < 10 ? 2 : 1);

export function levelTable(figures: readonly Figure[]): string {
  const lines = figures.map((figure) => {
    const { what, by, goal, value, beside = {} } = figure;
    const others = Object.entries(beside).map(([name, other]) => `${name} ${number(other)}`);
    const measured = [...others, `**${by} ${number(value)}**`].join(", ");
    const met = isMet(figure) ? "yes" : "**missed**";
    return `| ${what} | ${by} ${goal.is} ${goal.value.toLocaleString("en")} ${goal.unit} | ${measured} | ${met} |`;
  });
  return ["| what | goal | measured | reached |", "| --- | --- | --- | --- |", ...lines].join("\n");
}

export interface Change {
  readonly what: string;
  readonly before: number;
  readonly now: number;
  /** How much worse it is, as a share of what it was; below 0 where it is better. */
  readonly worseBy: number;
}

/** How each figure stands beside the one of the same id of an earlier run; figures that only one run has are left out. */
export function changesSince(before: readonly Figure[], now: readonly Figure[]): Change[] {
  const known = new Map(before.map((figure) => [figure.id, figure]));
  return now.flatMap(({ id, what, goal, value }) => {
    const earlier = known.get(id)?.value;
    if (earlier === undefined || earlier <= 0) return [];
    const growth = value / earlier - 1;
    return { what, before: earlier, now: value, worseBy: goal.is === "at most" ? growth : -growth };
  });
}
