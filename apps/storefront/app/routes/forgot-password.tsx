import { Anchor, InputField, Notice, PageHead } from "@almanac/ui";
import type { ActionFunctionArgs, MetaFunction } from "@remix-run/node";
import { useActionData } from "@remix-run/react";
import { AccountForm } from "../account/account-form.tsx";
import { textOf } from "../server/answer.server.ts";
import { refuse } from "../server/auth.server.ts";

export const meta: MetaFunction = () => [{ title: "New password · Almanac" }];

export async function action({ request, context }: ActionFunctionArgs) {
  const email = textOf(await request.formData(), "email");
  const response = await context.auth("request-password-reset", { email });
  return response.ok ? { sentTo: email } : refuse(response, { email }, {});
}

export default function ForgotPassword() {
  const answer = useActionData<typeof action>();
  if (answer && "sentTo" in answer) {
    return (
      <div className="narrow">
        <PageHead title="Look into your mail" />
        <Notice tone="good" announce="status" icon="mail">
          If there is an account for {answer.sentTo}, a link to set a new password is on its way. It is good
          for half an hour.
        </Notice>
        <p>
          <Anchor href="/sign-in">Back to sign in</Anchor>
        </p>
      </div>
    );
  }
  const refused = answer && "message" in answer ? answer : undefined;
  return (
    <AccountForm
      title="New password"
      lead="We send a link to your e-mail address."
      submit="Send the link"
      error={refused?.message}
    >
      <InputField
        label="E-mail"
        name="email"
        type="email"
        autoComplete="username"
        required
        defaultValue={refused?.typed["email"]}
      />
    </AccountForm>
  );
}
