import { useActionData, useLocation } from "@remix-run/react";
import { useRef } from "react";

/** The field of the password that `stepUp` asks for. */
export const passwordField = "stepUpPassword";

/** A form that puts things back: its fields are sent to the same page. */
export interface Undo {
  readonly label: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** What an action answers its page. */
export interface Outcome {
  readonly ok: boolean;
  /** Which form of the page was sent, and about which row. */
  readonly intent: string;
  readonly subject: string;
  readonly message: string;
  /** What is wrong, by field. */
  readonly problems: Readonly<Record<string, string>>;
  /** What was typed, so that it stands there again without a script; only after a refusal. */
  readonly values: Readonly<Record<string, string>>;
  readonly undo?: Undo;
  /** The password is asked for, and this form is then sent again. */
  readonly stepUp?: readonly (readonly [name: string, value: string])[];
  /** Shown once and never again: a new API key. */
  readonly secret?: string;
}

export interface FormState {
  /** What was typed when the form was refused, else what is stored. */
  value(name: string, stored?: string | number | null): string;
  checked(name: string, stored: boolean): boolean;
  problem(name: string): string | undefined;
  /** What a field takes: its name, what it starts with, and what is wrong with it. */
  field(name: string, stored?: string | number | null): FieldState;
  readonly refused: boolean;
}

export interface FieldState {
  readonly name: string;
  readonly defaultValue: string;
  readonly error: string | undefined;
}

/**
 * The outcome of this page's last form, if one was sent. It stays while the page is read again: reading a page anew drops
 * its action's data, and with it a question that waits for an answer, or the way to take something back.
 */
export function useOutcome(): Outcome | undefined {
  const latest = useActionData<Outcome>();
  const { key } = useLocation();
  const kept = useRef<{ key: string; outcome: Outcome }>();
  if (latest) kept.current = { key, outcome: latest };
  return latest ?? (kept.current?.key === key ? kept.current.outcome : undefined);
}

/** What one form of a page starts with. */
export function formState(outcome: Outcome | undefined, intent: string, subject = ""): FormState {
  const mine =
    outcome && !outcome.ok && outcome.intent === intent && (subject === "" || outcome.subject === subject)
      ? outcome
      : undefined;
  const value: FormState["value"] = (name, stored) =>
    mine?.values[name] ?? (stored === null || stored === undefined ? "" : String(stored));
  const problem: FormState["problem"] = (name) => mine?.problems[name];
  return {
    refused: mine !== undefined,
    value,
    checked: (name, stored) => (mine ? mine.values[name] !== undefined : stored),
    problem,
    field: (name, stored) => ({ name, defaultValue: value(name, stored), error: problem(name) }),
  };
}
