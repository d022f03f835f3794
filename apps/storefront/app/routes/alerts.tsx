import type { ProductId } from "@almanac/kernel";
import { redirect, type ActionFunctionArgs } from "@remix-run/node";
import { runForm, textOf } from "../server/answer.server.ts";

export const loader = () => redirect("/wishlist");

/** Asks to be told when something is back, or no longer. */
export async function action({ request, context: { api } }: ActionFunctionArgs) {
  const form = await request.formData();
  return runForm(form, async () => {
    const productId = textOf(form, "productId") as ProductId;
    const kind =
      textOf(form, "kind") === "BACK_IN_SEASON" ? ("BACK_IN_SEASON" as const) : ("BACK_IN_STOCK" as const);
    const name = textOf(form, "name") || "it";
    if (textOf(form, "intent") === "unsubscribe") {
      await api.stockAlerts.unsubscribe({ productId, kind });
      return { message: `We no longer tell you about ${name}.` };
    }
    await api.stockAlerts.subscribe({ productId, kind });
    return { message: `We tell you as soon as ${name} is back.` };
  });
}
