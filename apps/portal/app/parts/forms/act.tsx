import { Button, type ButtonTone, type IconName } from "@almanac/ui";
import { Form, useNavigation } from "@remix-run/react";
import type { ReactNode } from "react";

export interface ActProps {
  intent: string;
  /** The row that it is about. */
  subject?: string;
  fields?: Readonly<Record<string, string | number>>;
  label: string;
  /** What a screen reader hears, where the label alone would not say which row. */
  about?: string;
  tone?: ButtonTone;
  size?: "small" | "medium" | "large";
  icon?: IconName;
  wide?: boolean;
}

/** A button that does one thing to one row, as a form of its own. */
export function Act({
  intent,
  subject,
  fields = {},
  label,
  about,
  tone = "secondary",
  size = "small",
  ...rest
}: ActProps) {
  const { formData } = useNavigation();
  const busy = formData?.get("intent") === intent && (formData.get("subject") ?? "") === (subject ?? "");
  return (
    <Form method="post" preventScrollReset>
      <input type="hidden" name="intent" value={intent} />
      {subject !== undefined && <input type="hidden" name="subject" value={subject} />}
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <Button type="submit" tone={tone} size={size} busy={busy} aria-label={about} {...rest}>
        {label}
      </Button>
    </Form>
  );
}

export interface AskFirstProps {
  /** What opens the question. */
  label: string;
  about?: string;
  /** What would happen. */
  question: ReactNode;
  children: ReactNode;
}

/** A question before what cannot be taken back. The browser's own fold: it works without a script. */
export function AskFirst({ label, about, question, children }: AskFirstProps) {
  return (
    <details className="ask-first">
      <summary className="ask-first__summary" aria-label={about}>
        {label}
      </summary>
      <div className="ask-first__body">
        <p className="small">{question}</p>
        {children}
      </div>
    </details>
  );
}

/** Whether the form with this intent is on its way. */
export function useBusy(intent: string): boolean {
  const { formData } = useNavigation();
  return formData?.get("intent") === intent;
}
