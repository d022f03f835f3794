import { isUuid, type Id } from "@almanac/kernel";
import { z } from "zod";

/** A branded id from outside: a lower-case UUID. */
export function idInput<Brand extends Id<string>>() {
  return z.custom<Brand>((value) => typeof value === "string" && isUuid(value), "must be a lower-case UUID");
}

/** How many at most; refused above `max` rather than cut silently. */
export function limitInput(max: number, fallback: number) {
  return z.number().int().min(1).max(max).default(fallback);
}

/** An opaque place in a list, as an earlier answer gave it. */
export const cursorInput = z.string().max(200).optional();

/** A place in a list that is numbered, as an earlier answer gave it; no number beyond what a database counts to. */
export const seqCursorInput = z
  .string()
  .regex(/^\d{1,15}$/, "must be a cursor of an earlier answer")
  .optional();

const isOurCentury = (year: number): boolean => year >= 2000 && year < 2200;
const ourCentury = "must be in this or the next century";

/** A calendar day as an ISO text, of the years 2000 to 2199: databases and clocks part ways about years far from these. */
export const dayInput = z.iso
  .date("must be a day such as 2025-08-16")
  .refine((day) => isOurCentury(Number(day.slice(0, 4))), ourCentury);

/** A moment as an ISO text with its offset, of the years 2000 to 2199. */
export const momentInput = z.iso
  .datetime({ offset: true, error: "must be a moment such as 2025-08-16T08:00:00Z" })
  .transform((text) => new Date(text))
  .refine((at) => isOurCentury(at.getUTCFullYear()), ourCentury);

/** Text that a person typed: trimmed, no control characters but line breaks and tabs, bounded. */
export function textInput({ min = 0, max }: { min?: number; max: number }) {
  return z
    .string()
    .max(max * 2)
    .transform((text) => text.trim())
    .refine(
      (text) => text.length >= min,
      min === 1 ? "must not be empty" : `must have at least ${min} characters`,
    )
    .refine((text) => text.length <= max, `must have at most ${max} characters`)
    .refine((text) => !hasControlCharacter(text), "must not hold control characters");
}

function hasControlCharacter(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) || code === 0x7f) return true;
  }
  return false;
}
