import { findQueryError } from "./driver/query-error.ts";

/**
 * What an error says, without what a statement was given: that can be a person's, and errors are read by whoever runs the place.
 * The rest of a failed statement stands there with `$1` for each value; the database's own words about a value lose it.
 */
export function messageWithoutData(error: Error): string {
  const message = error.message.replace(/\n?params: [\s\S]*$/, "");
  const found = findQueryError(error);
  // Errors of class 22 are about a value, which they quote.
  if (!found?.code.startsWith("22")) return message;
  return message.replace(found.message, () => found.message.replace(/"[\s\S]*"/, '"..."'));
}

/**
 * The same of whatever was thrown, with what the database had against it.
 *
 * @param mostLetters the beginning of it
 */
export function wordsWithoutData(thrown: unknown, mostLetters = 2_000): string {
  if (!(thrown instanceof Error)) return String(thrown).slice(0, mostLetters);
  const words = messageWithoutData(thrown);
  const found = findQueryError(thrown);
  if (!found) return words.slice(0, mostLetters);
  const why = messageWithoutData(found);
  const isSaid = words.includes(why);
  const end = isSaid ? ` (${found.code})` : `: ${why} (${found.code})`;
  return words.slice(0, Math.max(0, mostLetters - end.length)) + end.slice(0, mostLetters);
}
