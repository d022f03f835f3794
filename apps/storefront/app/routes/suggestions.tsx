import type { ProductId } from "@almanac/kernel";
import { redirect, type ActionFunctionArgs } from "@remix-run/node";
import { runForm, textOf } from "../server/answer.server.ts";

export const loader = () => redirect("/account");

/** Keeps a product out of the shopper's suggestions, or lets it in again. */
export async function action({ request, context: { api } }: ActionFunctionArgs) {
  const form = await request.formData();
  return runForm(form, async () => {
    const productId = textOf(form, "productId") as ProductId;
    const name = textOf(form, "name") || "It";
    if (textOf(form, "intent") === "show") {
      await api.recsys.unhide({ productId });
      return { message: `${name} may be suggested again.` };
    }
    await api.recsys.hide({ productId });
    return { message: `${name} is not suggested to you any more. My data lists it.` };
  });
}
