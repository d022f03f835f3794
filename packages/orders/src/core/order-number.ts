import { invariant } from "@almanac/kernel";

const perSeries = 90_000;

/**
 * The number people say aloud: "A-10000" for 1, "A-99999" for 90,000, then "B-10000"; after "Z" comes "AA". Always five
 * digits, so that a slip of one digit is noticed at the stall.
 *
 * @param sequence 1 for the first order of the installation
 */
export function formatOrderNumber(sequence: number): string {
  invariant(Number.isSafeInteger(sequence) && sequence > 0, "order numbers count from one");
  const digits = 10_000 + ((sequence - 1) % perSeries);
  let letters = "";
  for (let left = Math.floor((sequence - 1) / perSeries) + 1; left > 0; left = Math.floor((left - 1) / 26)) {
    letters = String.fromCharCode(65 + ((left - 1) % 26)) + letters;
  }
  return `${letters}-${digits}`;
}

const numberPattern = /^[A-Z]{1,3}-[1-9]\d{4}$/;

/** Whether a text could be an order number; case and surrounding blanks do not matter. */
export function normaliseOrderNumber(text: string): string | undefined {
  const candidate = text.trim().toUpperCase();
  return numberPattern.test(candidate) ? candidate : undefined;
}
