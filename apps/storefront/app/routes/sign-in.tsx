import { Anchor, InputField, Notice } from "@almanac/ui";
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useActionData, useSearchParams } from "@remix-run/react";
import { AccountForm } from "../account/account-form.tsx";
import { safePath, textOf } from "../server/answer.server.ts";
import { signedInOr } from "../server/auth.server.ts";

export const meta: MetaFunction = () => [{ title: "Sign in · Almanac" }];

export async function loader({ request, context: { api } }: LoaderFunctionArgs) {
  const me = await api.me.get();
  if (me.signedIn) throw redirect(safePath(new URL(request.url).searchParams.get("to"), "/account"));
  return null;
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await request.formData();
  const email = textOf(form, "email");
  const password = form.get("password");
  return signedInOr(context, {
    path: "sign-in/email",
    body: { email, password: typeof password === "string" ? password : "" },
    to: new URL(request.url).searchParams.get("to"),
    typed: { email },
    words: {
      401: "This e-mail address and password do not go together.",
      403: "This account cannot be used here.",
    },
  });
}

export default function SignIn() {
  const refused = useActionData<typeof action>();
  const [search] = useSearchParams();
  const to = search.get("to");
  return (
    <AccountForm
      title="Sign in"
      lead="Your basket comes with you."
      submit="Sign in"
      error={refused?.message}
      foot={
        <p>
          New here?{" "}
          <Anchor href={to ? `/sign-up?to=${encodeURIComponent(to)}` : "/sign-up"}>Make an account</Anchor>,
          or <Anchor href="/forgot-password">set a new password</Anchor>.
        </p>
      }
    >
      {search.get("reset") === "1" && (
        <Notice tone="good" announce="status">
          Your new password is set.
        </Notice>
      )}
      <InputField
        label="E-mail"
        name="email"
        type="email"
        autoComplete="username"
        required
        defaultValue={refused?.typed["email"]}
      />
      <InputField label="Password" name="password" type="password" autoComplete="current-password" required />
    </AccountForm>
  );
}
