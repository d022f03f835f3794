import { data, redirect } from "@remix-run/node";
import { findRefusal } from "../words/refusals.ts";

/** What a form hears back. `undo` is a form that takes it back. */
export type ActionAnswer =
  | { readonly ok: true; readonly message?: string; readonly undo?: UndoForm }
  | {
      readonly ok: false;
      readonly code: string;
      readonly message: string;
      readonly details?: Readonly<Record<string, unknown>>;
    };

export interface UndoForm {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** A path of ours to go back to; anything else leads home. */
export function safePath(value: FormDataEntryValue | string | null, otherwise = "/"): string {
  return typeof value === "string" && /^\/(?![/\\])/.test(value) ? value : otherwise;
}

export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value.trim() : "";
}

/**
 * Answers a form: as data to a page with scripts, and by going back where it came from to one without. A refusal is said
 * in the address, for the page to show.
 */
export function answerForm(form: FormData, answer: ActionAnswer) {
  // A refusal is an answer too: with an error's status the browser would report it as a failure of the page.
  if (form.get("js") === "1") return answer;
  const back = safePath(form.get("returnTo"));
  if (answer.ok) throw redirect(back, 303);
  const [path = "/", query = ""] = back.split("?");
  const search = new URLSearchParams(query);
  search.set("notice", answer.code);
  throw redirect(`${path}?${search.toString()}`, 303);
}

/** Does the work of a form; a refusal becomes its answer, a bug stays an error. */
export async function runForm(
  form: FormData,
  work: () => Promise<{ message?: string; undo?: UndoForm } | undefined>,
) {
  let answer: ActionAnswer;
  try {
    answer = { ok: true, ...(await work()) };
  } catch (error) {
    const refusal = findRefusal(error);
    if (!refusal) throw error;
    answer = { ok: false, code: refusal.code, message: refusal.text, details: refusal.details };
  }
  return answerForm(form, answer);
}

/** Loads what a page is about; what is not there is a 404. */
export async function loadOr404<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    const refusal = findRefusal(error);
    if (
      refusal?.code.endsWith("_not_found") ||
      refusal?.code === "not_found" ||
      refusal?.code === "input_invalid"
    ) {
      throw data(refusal.text, { status: 404 });
    }
    throw error;
  }
}

/**
 * Loads what stands beside: when it cannot be had, the page goes without it and says so. The failure itself is logged by
 * the procedure.
 */
export async function loadBeside<Value>(work: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}
