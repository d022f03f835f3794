import type { AlmanacLoadContext } from "@almanac/client/remix";
import { data, redirectDocument } from "@remix-run/node";

export type Api = AlmanacLoadContext["api"];
export type Person = Awaited<ReturnType<Api["me"]["get"]>>;
export type FarmPlace = Pick<Person["farms"][number], "id" | "slug" | "name">;
export type MarketPlace = Awaited<ReturnType<Api["marketDesk"]["get"]>>;

const known = new WeakMap<AlmanacLoadContext, Promise<Person>>();

/** Who asks. All loaders of a request share the answer. */
export function personOf(context: AlmanacLoadContext): Promise<Person> {
  const asked = known.get(context) ?? context.api.me.get();
  known.set(context, asked);
  return asked;
}

/** Sends those who are not signed in to the sign-in page, and back here afterwards. */
export async function signedIn(context: AlmanacLoadContext, request: Request): Promise<Person> {
  const person = await personOf(context);
  if (!person.signedIn) throw signInFirst(request);
  return person;
}

export function signInFirst(request: Request): Response {
  const { pathname, search } = new URL(request.url);
  const back = pathname.replace(/^\/portal/, "").replace(/\.data$/, "") + search;
  // By a page of its own: a browser adds the portal's own address a second time to a redirect to its root with a query.
  return redirectDocument(`/sign-in?next=${encodeURIComponent(back)}`);
}

/** Only addresses of the portal itself; anything else leads to its front page. */
export function safeNext(next: string | null): string {
  return next && /^\/(?![/\\])[\w\-./?=&%+*]*$/.test(next) ? next : "/";
}

export const isOperator = (person: Person): boolean => person.roles.includes("operator");

/** The farm of an address. To people who do not belong to it, it is not there. */
export async function farmOf(context: AlmanacLoadContext, person: Person, slug: string): Promise<FarmPlace> {
  const mine = person.farms.find((farm) => farm.slug === slug);
  if (mine) return mine;
  if (!isOperator(person)) throw notFound("There is no such farm, or you do not belong to it.");
  const { id, name } = await context.api.farms.get({ slug });
  return { id, slug, name };
}

/** The market of an address. To people who do not manage it, it is not there. */
export async function marketOf(
  context: AlmanacLoadContext,
  person: Person,
  slug: string,
): Promise<MarketPlace> {
  const mine = person.markets.find((market) => market.slug === slug);
  if (!mine && !isOperator(person)) throw notFound("There is no such market, or you do not manage it.");
  const { id } = mine ?? (await context.api.markets.get({ slug }));
  return context.api.marketDesk.get({ marketId: id });
}

export function notFound(message: string) {
  return data({ message }, { status: 404 });
}

export function forbidden(message: string) {
  return data({ message }, { status: 403 });
}
