import { monthNames } from "@almanac/ui";

/** "15 July" for "07-15"; what is no such day stays as it is. */
export function monthDayInWords(monthDay: string): string {
  const [month, day] = monthDay.split("-").map(Number);
  const name = monthNames[(month ?? 0) - 1];
  return name && day ? `${day} ${name}` : monthDay;
}

/**
 * "15 July", "July 15", "15 jul", "15. July" or "07-15" as "07-15"; `undefined` for what is no day of a year. Three letters
 * are enough for a month. 29 February is one.
 */
export function readMonthDay(text: string): string | undefined {
  const words = text
    .trim()
    .toLowerCase()
    .replaceAll(/[.,]/g, " ")
    .split(/\s+/)
    .filter((word) => word !== "of");
  const [, numericMonth, numericDay] = /^(\d{2})-(\d{2})$/.exec(words.join(" ")) ?? [];
  const dayWord =
    numericDay ?? words.map((word) => /^(\d{1,2})(?:st|nd|rd|th)?$/.exec(word)?.[1]).find(Boolean);
  const month = numericMonth ? Number(numericMonth) : monthOf(words.find((word) => /^[a-z]{3,}$/.test(word)));
  const day = Number(dayWord);
  const isWhole = numericMonth !== undefined || words.length === 2;
  if (!isWhole || !month || !(day >= 1)) return undefined;
  // 2000 had a 29 February.
  const at = new Date(Date.UTC(2000, month - 1, day));
  return at.getUTCMonth() === month - 1 ? at.toISOString().slice(5, 10) : undefined;
}

function monthOf(word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  const index = monthNames.findIndex((month) =>
    month.toLowerCase().startsWith(word === "sept" ? "sep" : word),
  );
  return index < 0 ? undefined : index + 1;
}
