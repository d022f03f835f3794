import type { ActionFunctionArgs } from "@remix-run/node";
import { redirect } from "@remix-run/node";
import { runForm, textOf } from "../server/answer.server.ts";

export const loader = () => redirect("/account");

/** Yes or no to being remembered; and to mail, where the form asks for that. */
export async function action({ request, context: { api } }: ActionFunctionArgs) {
  const form = await request.formData();
  return runForm(form, async () => {
    const tracking = textOf(form, "tracking") === "granted" ? "granted" : "denied";
    await api.me.setConsent({
      tracking,
      ...(form.has("askedMarketing") && { marketing: form.get("marketing") === "on" }),
    });
    return {
      message:
        tracking === "granted" ? "Thank you. You can change this under My data." : "We remember nothing.",
    };
  });
}
