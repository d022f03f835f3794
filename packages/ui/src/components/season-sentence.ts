/** How much of a month is harvest. */
export type SeasonLevel = "none" | "some" | "peak";

/** January to December. */
export type SeasonYear = readonly SeasonLevel[];

export const monthNames = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

/**
 * The year of a product in a sentence: "In season June to October, at its best July to August."
 *
 * A season may run over New Year ("October to March") and there may be two of them. A year without any harvest says
 * so, and one with all twelve months is "all year".
 */
export function seasonSentence(year: SeasonYear): string {
  const season = runsOf(year, (level) => level !== "none");
  if (season.length === 0) return "No harvest is planned.";
  const peak = runsOf(year, (level) => level === "peak");
  const whole = `In season ${season.map(runText).join(" and ")}`;
  return peak.length === 0 || sameRuns(season, peak)
    ? `${whole}.`
    : `${whole}, at its best ${peak.map(runText).join(" and ")}.`;
}

interface Run {
  /** 0 (January) to 11. */
  first: number;
  length: number;
}

/** Unbroken runs of months around the year, so that December and January are neighbours. */
function runsOf(year: SeasonYear, isIn: (level: SeasonLevel) => boolean): Run[] {
  const inside = monthNames.map((_, month) => isIn(year[month] ?? "none"));
  if (inside.every(Boolean)) return [{ first: 0, length: 12 }];
  const starts = inside.flatMap((is, month) => (is && !inside[(month + 11) % 12] ? [month] : []));
  return starts.map((first) => {
    let length = 1;
    while (inside[(first + length) % 12]) length += 1;
    return { first, length };
  });
}

function runText({ first, length }: Run): string {
  if (length === 12) return "all year";
  const from = monthNames[first];
  return length === 1 ? `in ${from}` : `${from} to ${monthNames[(first + length - 1) % 12]}`;
}

function sameRuns(a: readonly Run[], b: readonly Run[]): boolean {
  return (
    a.length === b.length && a.every((run, k) => run.first === b[k]?.first && run.length === b[k].length)
  );
}
