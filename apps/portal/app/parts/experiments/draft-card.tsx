import { Button, Card, FormError, LinkButton } from "@almanac/ui";
import { Form } from "@remix-run/react";
import { formState, useOutcome } from "../../outcome.ts";
import { Act, AskFirst, useBusy } from "../forms/act.tsx";
import { ExperimentFields, type MetricOption, type StoredPlan } from "./experiment-fields.tsx";

/** A draft: all of it can be changed, it can be started, and it can be thrown away. */
export function DraftCard({ stored, metrics }: { stored: StoredPlan; metrics: readonly MetricOption[] }) {
  const outcome = useOutcome();
  const form = formState(outcome, "change");
  const busy = useBusy("change");
  return (
    <>
      <Card title="Ready to start?">
        <div className="stack">
          <p>
            It starts as it was saved. Once it runs, only its rollout can be changed, and it or an arm
            stopped.
          </p>
          <div className="cluster cluster--end">
            <Act intent="start" label="Start" tone="primary" size="medium" />
            <AskFirst label="Throw the draft away" question="It is gone for good; the audit log says so.">
              <Act intent="discard" label="Throw it away" tone="warm" size="medium" />
            </AskFirst>
          </div>
        </div>
      </Card>
      <Card title="What it is made of">
        <Form method="post" className="stack" preventScrollReset key={JSON.stringify(stored)}>
          <input type="hidden" name="intent" value="change" />
          {form.refused && <FormError title={outcome?.message ?? ""} />}
          <ExperimentFields form={form} stored={stored} metrics={metrics} />
          <div className="cluster">
            <Button type="submit" busy={busy}>
              Save the changes
            </Button>
            {/* The browser puts back what was there when the page came; a link does where the form was refused. */}
            {form.refused ? (
              <LinkButton href="?" tone="quiet">
                Discard the changes
              </LinkButton>
            ) : (
              <Button type="reset" tone="quiet">
                Discard the changes
              </Button>
            )}
          </div>
        </Form>
      </Card>
    </>
  );
}
