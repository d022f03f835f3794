import { forgetKeptPages } from "@almanac/client/react";
import { Button, PageHead } from "@almanac/ui";
import { redirect, type ActionFunctionArgs, type MetaFunction } from "@remix-run/node";
import { Form } from "@remix-run/react";
import { cookiesOf } from "../server/auth.server.ts";

export const meta: MetaFunction = () => [{ title: "Sign out · Almanac" }];

export async function action({ context }: ActionFunctionArgs) {
  const response = await context.auth("sign-out", {});
  return redirect("/", { status: 303, headers: cookiesOf(response) });
}

export default function SignOut() {
  return (
    <div className="narrow">
      <PageHead title="Sign out" lead="Your basket and wishlist wait for you in your account." />
      <Form method="post" onSubmit={() => void forgetKeptPages()}>
        <Button type="submit" size="large" icon="logout">
          Sign out
        </Button>
      </Form>
    </div>
  );
}
