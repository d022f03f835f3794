import { Anchor, InputField } from "@almanac/ui";
import type { ActionFunctionArgs, MetaFunction } from "@remix-run/node";
import { useActionData } from "@remix-run/react";
import { AccountForm } from "../account/account-form.tsx";
import { textOf } from "../server/answer.server.ts";
import { signedInOr } from "../server/auth.server.ts";
import { refusalWords } from "../words/refusals.ts";

export const meta: MetaFunction = () => [{ title: "Make an account · Almanac" }];

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await request.formData();
  const typed = { name: textOf(form, "name"), email: textOf(form, "email") };
  const password = form.get("password");
  return signedInOr(context, {
    path: "sign-up/email",
    body: { ...typed, password: typeof password === "string" ? password : "" },
    to: new URL(request.url).searchParams.get("to"),
    typed,
    words: {
      400: "Please check the e-mail address, and use a password of at least 8 letters.",
      409: refusalWords.email_taken,
      422: refusalWords.email_taken,
    },
  });
}

export default function SignUp() {
  const refused = useActionData<typeof action>();
  return (
    <AccountForm
      title="Make an account"
      lead="To see your orders on every device. Your basket comes with you."
      submit="Make my account"
      error={refused?.message}
      foot={
        <p>
          There already? <Anchor href="/sign-in">Sign in</Anchor>.
        </p>
      }
    >
      <InputField
        label="Name"
        name="name"
        autoComplete="name"
        required
        maxLength={100}
        defaultValue={refused?.typed["name"]}
      />
      <InputField
        label="E-mail"
        name="email"
        type="email"
        autoComplete="username"
        required
        defaultValue={refused?.typed["email"]}
      />
      <InputField
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        required
        minLength={8}
        hint="At least 8 letters. A sentence is good."
      />
    </AccountForm>
  );
}
