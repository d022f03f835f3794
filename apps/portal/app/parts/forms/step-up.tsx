import { Button, Dialog, InputField } from "@almanac/ui";
import { Form, useNavigation } from "@remix-run/react";
import { useEffect, useState } from "react";
import { passwordField, type Outcome } from "../../outcome.ts";

/**
 * Asks for the password before an act of weight, and sends the same form again with it. With a script it is a dialog over
 * the page; without one it stands where the outcome of a form always stands.
 */
export function StepUp({ outcome }: { outcome: Outcome }) {
  const [isOpen, setOpen] = useState(false);
  const [dismissed, setDismissed] = useState<Outcome>();
  useEffect(() => setOpen(dismissed !== outcome), [dismissed, outcome]);
  const [isScripted, setScripted] = useState(false);
  useEffect(() => setScripted(true), []);
  if (dismissed === outcome) {
    return (
      <div className="outcome" role="status">
        <p className="outcome__text">Nothing was changed.</p>
      </div>
    );
  }
  const form = <PasswordForm outcome={outcome} />;
  if (!isScripted) {
    return (
      <section className="card stack" aria-labelledby="step-up-title">
        <h2 id="step-up-title">{title}</h2>
        {form}
      </section>
    );
  }
  return (
    <Dialog open={isOpen} onClose={() => setDismissed(outcome)} title={title}>
      {form}
    </Dialog>
  );
}

const title = "Is it you?";

function PasswordForm({ outcome }: { outcome: Outcome }) {
  const { state } = useNavigation();
  const { stepUp = [], problems } = outcome;
  return (
    <Form method="post" className="stack" preventScrollReset>
      <p>
        What you are about to do weighs more than most. Give your password once more; it then counts for ten
        minutes.
      </p>
      {stepUp.map(([name, value], index) => (
        <input key={`${name}/${index}`} type="hidden" name={name} value={value} />
      ))}
      <InputField
        label="Password"
        type="password"
        name={passwordField}
        autoComplete="current-password"
        required
        autoFocus
        error={problems["password"] && "That is not your password."}
      />
      <Button type="submit" wide busy={state === "submitting"}>
        Go on
      </Button>
    </Form>
  );
}
