import { Button, FormError, PageHead } from "@almanac/ui";
import { Form, useNavigation } from "@remix-run/react";
import type { ReactNode } from "react";

export interface AccountFormProps {
  title: string;
  lead?: ReactNode;
  error?: string | undefined;
  submit: string;
  children: ReactNode;
  /** Below the button: other ways to go. */
  foot?: ReactNode;
}

/** One narrow form of an account page. */
export function AccountForm({ title, lead, error, submit, children, foot }: AccountFormProps) {
  const { state } = useNavigation();
  return (
    <div className="narrow">
      <PageHead title={title} lead={lead} />
      <Form method="post" className="card stack">
        {error && <FormError title={error} />}
        {children}
        <Button type="submit" size="large" wide busy={state === "submitting"}>
          {submit}
        </Button>
        {foot}
      </Form>
    </div>
  );
}
