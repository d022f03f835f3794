import { redirect, type LoaderFunctionArgs } from "@remix-run/node";

/** A category is a search without words. */
export const loader = ({ params }: LoaderFunctionArgs) =>
  redirect(`/search?category=${encodeURIComponent(params["slug"] ?? "")}`, 301);
