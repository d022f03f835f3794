import { redirect, type LoaderFunctionArgs } from "@remix-run/node";
import { safeNext } from "../server/request/person.ts";

/** Where those go who were signed out meanwhile: on to the front page, which takes them back after signing in. */
export const loader = ({ request }: LoaderFunctionArgs) => {
  const next = safeNext(new URL(request.url).searchParams.get("next"));
  return redirect(`/?next=${encodeURIComponent(next)}`);
};
