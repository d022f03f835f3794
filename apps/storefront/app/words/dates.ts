/** Dates in words, always in a market's own time: the server and every browser write the same. */
const locale = "en-GB";

type Style = "day" | "date" | "weekday" | "weekday-time" | "time" | "date-time" | "short-day";

const styles: Record<Style, Intl.DateTimeFormatOptions> = {
  day: { weekday: "long", day: "numeric", month: "long" },
  date: { day: "numeric", month: "long", year: "numeric" },
  "short-day": { day: "numeric", month: "short" },
  weekday: { weekday: "long" },
  "weekday-time": { weekday: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  "date-time": {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  },
};

/** A moment (ISO text) at a market: "Thursday 20:00", "Saturday 16 August". */
export function atMarket(iso: string, timeZone: string, style: Style): string {
  return new Intl.DateTimeFormat(locale, { ...styles[style], timeZone })
    .format(new Date(iso))
    .replace(",", "");
}

/** A calendar day ("2025-08-16") in words; it has no time zone. */
export function dayInWords(day: string, style: "day" | "date" | "short-day" | "weekday" = "day"): string {
  return atMarket(`${day.slice(0, 10)}T12:00:00Z`, "UTC", style);
}

/** The day of a moment beside now, both ISO text: "Today", "Yesterday", else "Saturday 16 August", with a year where it is another. */
export function sameDayWords(iso: string, now: string, timeZone: string): string {
  const dayOf = (at: Date) => new Intl.DateTimeFormat("en-CA", { timeZone }).format(at);
  const [day, today] = [dayOf(new Date(iso)), dayOf(new Date(now))];
  const before = new Date(`${today}T12:00:00Z`);
  before.setUTCDate(before.getUTCDate() - 1);
  if (day === today) return "Today";
  if (day === before.toISOString().slice(0, 10)) return "Yesterday";
  return dayInWords(day, day.slice(0, 4) === today.slice(0, 4) ? "day" : "date");
}

/** "8-13" for 08:00 to 13:00, minutes only where they are not zero. */
export function openingHours(opensAt: string, closesAt: string): string {
  return `${shortTime(opensAt)}–${shortTime(closesAt)}`;
}

function shortTime(time: string): string {
  const [hour = "0", minute = "00"] = time.split(":");
  return minute === "00" ? String(Number(hour)) : `${Number(hour)}:${minute}`;
}

/** A calendar day's month, 1 to 12, and how far into it the day is, in [0, 1). */
export function placeInYear(day: string): { month: number; monthShare: number } {
  const [year = 2000, month = 1, date = 1] = day.slice(0, 10).split("-").map(Number);
  const lengthDays = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return { month, monthShare: (date - 1) / lengthDays };
}
