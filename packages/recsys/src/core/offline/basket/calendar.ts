/** 0 to 11, by months of a mean year, which drift by less than a day; NaN without a date. */
export function monthOf(day: number): number {
  return Number.isNaN(day) ? NaN : Math.min(11, Math.floor(((((day / 365.2425) % 1) + 1) % 1) * 12));
}

/** 0 (Thursday, as 1970-01-01 was one) to 6; NaN without a date. */
export function weekdayOf(day: number): number {
  return Number.isNaN(day) ? NaN : ((Math.floor(day) % 7) + 7) % 7;
}
