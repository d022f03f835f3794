/** "Saturday 28 November" for "2026-11-28"; with the year unless it is this one. */
export function dayInWords(day: string, now: Date): string {
  const year = Number(day.slice(0, 4)) === now.getUTCFullYear() ? undefined : "numeric";
  return new Intl.DateTimeFormat("en-GB", {
    timeZone: "UTC",
    weekday: "long",
    day: "numeric",
    month: "long",
    year,
  })
    .format(new Date(`${day}T12:00:00Z`))
    .replace(",", "");
}

/** "Sat 28 Nov" */
export function shortDay(day: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone: "UTC",
    weekday: "short",
    day: "numeric",
    month: "short",
  })
    .format(new Date(`${day}T12:00:00Z`))
    .replace(",", "");
}

/** "28 Nov 2026" in UTC. */
export const dayInYear = (at: string | Date): string =>
  new Intl.DateTimeFormat("en-GB", {
    timeZone: "UTC",
    day: "numeric",
    month: "short",
    year: "numeric",
  }).format(new Date(at));

/** A day on the axis of a plot: "Sat 28 Nov", and "30 Nov 2024" for one of another year. */
export const plotDay = (day: string, now: Date): string =>
  day.startsWith(`${now.getUTCFullYear()}-`) ? shortDay(day) : dayInYear(`${day}T12:00:00Z`);

/** "28 Nov" */
export const dayOfMonth = (day: string): string => shortDay(day).replace(/^\S+ /, "");

/** "08:00" on the market's wall. */
export function timeAt(at: string | Date, timeZone: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(new Date(at));
}

/** "Sat 28 Nov, 08:00" on the market's wall; with the year unless it is this one. */
export function momentAt(at: string | Date, timeZone: string, now: Date): string {
  const isThisYear = new Date(at).getUTCFullYear() === now.getUTCFullYear();
  const day = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "short",
    day: "numeric",
    month: "short",
    year: isThisYear ? undefined : "numeric",
  }).format(new Date(at));
  return `${day.replace(",", "")}, ${timeAt(at, timeZone)}`;
}

/** "2026-11-28" on the market's calendar. */
export function dayAt(at: string | Date, timeZone: string): string {
  return new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).format(new Date(at));
}

/** What a field of type `datetime-local` holds, on the market's wall. */
export function localInput(at: string | Date, timeZone: string): string {
  return `${dayAt(at, timeZone)}T${timeAt(at, timeZone)}`;
}

export const weekdays = [
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday",
] as const;
