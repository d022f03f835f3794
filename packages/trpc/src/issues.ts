import type { ZodError } from "zod";

/** What is wrong with one part of an input. */
export interface InputIssue {
  /** Names and places from the outside in, with dots: "lines.0.quantity"; "" for the whole. */
  readonly path: string;
  readonly message: string;
}

type Issue = ZodError["issues"][number];

/**
 * What a schema found, twenty at most, as whoever sent it can mend it. Of several forms that an input may have, it is held
 * against the one that it comes nearest to: "Invalid input", which zod says of them all, tells nobody what to change.
 */
export function inputIssues(error: ZodError): InputIssue[] {
  return error.issues
    .flatMap(innermost)
    .slice(0, 20)
    .map(({ path, message }) => ({ path: path.join("."), message }));
}

function innermost(issue: Issue): Pick<Issue, "path" | "message">[] {
  const within = (issues: readonly Issue[]) =>
    issues.flatMap(innermost).map(({ path, message }) => ({ path: [...issue.path, ...path], message }));
  if (issue.code === "invalid_key" && issue.issues.length > 0) return within(issue.issues);
  if (issue.code !== "invalid_union" || issue.errors.length === 0)
    return [{ path: issue.path, message: wordsOf(issue) }];
  const nearest = issue.errors.reduce((best, one) => (distanceOf(one) < distanceOf(best) ? one : best));
  return within(nearest);
}

/** zod's words, but where they are of its own inside. */
function wordsOf(issue: Issue): string {
  if (issue.code !== "invalid_type") return issue.message;
  if (issue.expected === "nonoptional") return "must be given";
  return issue.expected === "undefined" ? "must be left out" : issue.message;
}

/** A form of which another kind of thing was expected altogether is farther than one with many wrong parts. */
const distanceOf = (issues: readonly Issue[]): number =>
  issues.length + (issues.some(({ code, path }) => code === "invalid_type" && path.length === 0) ? 1_000 : 0);
