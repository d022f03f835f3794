import { redirect, type ActionFunctionArgs } from "@remix-run/node";

export const loader = () => redirect("/");

export async function action({ context }: ActionFunctionArgs) {
  const answer = await context.auth("sign-out", {});
  const headers = new Headers();
  for (const cookie of answer.headers.getSetCookie()) headers.append("set-cookie", cookie);
  return redirect("/", { headers });
}
