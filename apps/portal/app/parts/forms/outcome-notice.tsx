import { Button, FormError, Icon, LinkButton } from "@almanac/ui";
import { Form, useNavigation, useSearchParams } from "@remix-run/react";
import type { ReactNode } from "react";
import { useOutcome, type Outcome } from "../../outcome.ts";
import { useNamedFields } from "./named-fields.ts";
import { StepUp } from "./step-up.tsx";

/**
 * What the last form of the page came to, in sight wherever one has scrolled to, with a way to take it back. `done` holds
 * the words for `?done=…`, where a form has led to another page.
 */
export function OutcomeNotice({ done = {} }: { done?: Readonly<Record<string, string>> }) {
  const outcome = useOutcome();
  const [search] = useSearchParams();
  if (outcome) return <OutcomeLine outcome={outcome} />;
  const message = done[search.get("done") ?? ""];
  return message ? <GoodLine message={message} /> : null;
}

export function OutcomeLine({ outcome }: { outcome: Outcome }) {
  const { state } = useNavigation();
  const { ok, message, problems, undo, stepUp } = outcome;
  const fields = useNamedFields(Object.keys(problems));
  if (stepUp) return <StepUp outcome={outcome} />;
  if (!ok) {
    const items = Object.entries(problems).map(([name, text]) => {
      const field = fields.get(name);
      const words = field?.label ?? fieldWords(name);
      return { text: words ? `${words}: ${text}` : text, ...(field?.id && { fieldId: field.id }) };
    });
    return (
      <div className="outcome">
        <FormError title={message} items={items.length > 1 || items[0]?.text !== message ? items : []} />
      </div>
    );
  }
  return (
    <GoodLine message={message}>
      {undo && (
        <Form method="post" preventScrollReset>
          {Object.entries(undo.fields).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <Button type="submit" tone="quiet" size="small" icon="undo" busy={state === "submitting"}>
            {undo.label}
          </Button>
        </Form>
      )}
    </GoodLine>
  );
}

function GoodLine({ message, children }: { message: string; children?: ReactNode }) {
  return (
    <div className="outcome outcome--good" role="status">
      <Icon name="check" />
      <p className="outcome__text">{message}</p>
      {children}
    </div>
  );
}

/** "unitPriceCents" as "Unit price". */
function fieldWords(name: string): string {
  if (name === "") return "";
  const words = name.replace(/(Cents|Base)$/, "").replaceAll(/([A-Z])/g, " $1");
  return `${words.charAt(0).toUpperCase()}${words.slice(1).toLowerCase()}`;
}

export function BackLink({ href, children }: { href: string; children: string }) {
  return (
    <LinkButton href={href} tone="quiet" size="small" icon="chevron-left">
      {children}
    </LinkButton>
  );
}
