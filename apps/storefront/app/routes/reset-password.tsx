import { EmptyState, InputField, LinkButton } from "@almanac/ui";
import { redirect, type ActionFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useActionData, useSearchParams } from "@remix-run/react";
import { AccountForm } from "../account/account-form.tsx";
import { textOf } from "../server/answer.server.ts";
import { refuse } from "../server/auth.server.ts";

export const meta: MetaFunction = () => [
  { title: "New password · Almanac" },
  { name: "referrer", content: "no-referrer" },
];

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await request.formData();
  const password = form.get("password");
  const response = await context.auth("reset-password", {
    token: textOf(form, "token"),
    newPassword: typeof password === "string" ? password : "",
  });
  if (response.ok) return redirect("/sign-in?reset=1", 303);
  return refuse(
    response,
    {},
    { 400: "This link is used up or too old, or the password is too short. You can ask for a new link." },
  );
}

export default function ResetPassword() {
  const refused = useActionData<typeof action>();
  const [search] = useSearchParams();
  const token = search.get("token");
  if (!token) {
    return (
      <EmptyState
        title="This link is incomplete"
        headingLevel={1}
        actions={<LinkButton href="/forgot-password">Ask for a new one</LinkButton>}
      />
    );
  }
  return (
    <AccountForm title="Set a new password" submit="Set password" error={refused?.message}>
      <input type="hidden" name="token" value={token} />
      <InputField
        label="New password"
        name="password"
        type="password"
        autoComplete="new-password"
        required
        minLength={8}
        hint="At least 8 letters."
      />
    </AccountForm>
  );
}
