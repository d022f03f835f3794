import { AppError } from "@almanac/kernel";

/** Deeper than any input that a procedure asks for, and far from what a parser could not climb down. */
const deepest = 32;

/**
 * Whether an input is one that a schema may let through and a database can keep: no text with a NUL or with half a character (a
 * lone surrogate), as a value or a name, and no values nested more than 32 deep.
 */
export const isSound = (input: unknown): boolean => unsoundPart(input, 0) === undefined;

/**
 * Refuses what is not sound (`isSound`).
 *
 * @throws AppError `input_invalid`, which names the place
 */
export function assertSound(input: unknown): void {
  const unsound = unsoundPart(input, 0);
  if (!unsound) return;
  const { message } = unsound;
  const path = unsound.path.join(".");
  throw new AppError("input_invalid", `${path || "input"}: ${message}`, {
    details: { issues: [{ path, message }] },
  });
}

interface Unsound {
  readonly message: string;
  readonly path: string[];
}

function unsoundPart(value: unknown, depth: number): Unsound | undefined {
  if (typeof value === "string") return isSoundText(value) ? undefined : badText();
  if (typeof value !== "object" || value === null) return undefined;
  if (depth === deepest) return { message: `must not be nested more than ${deepest} deep`, path: [] };
  if (Array.isArray(value)) {
    // By number: `for ... in` makes a text of each.
    for (let at = 0; at < value.length; at++) {
      const unsound = unsoundPart(value[at], depth + 1);
      if (!unsound) continue;
      unsound.path.unshift(String(at));
      return unsound;
    }
    return undefined;
  }
  for (const name in value) {
    if (!isSoundText(name)) return badText();
    const unsound = unsoundPart((value as Readonly<Record<string, unknown>>)[name], depth + 1);
    if (!unsound) continue;
    unsound.path.unshift(name);
    return unsound;
  }
  return undefined;
}

const isSoundText = (text: string): boolean => !text.includes("\0") && text.isWellFormed();

const badText = (): Unsound => ({
  message: "must be text without NUL and without half characters",
  path: [],
});
