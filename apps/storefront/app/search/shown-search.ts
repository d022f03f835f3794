import { useLocation } from "@remix-run/react";
import { useEffect } from "react";

/** Says for the moment of one request which search the page shows. Nothing is kept in it. */
const cookieName = "almanac_shown_search";
const secondsOfRequest = 10;

/** The address of the search on show, and the id it was logged under. Browser only. */
let onShow: { readonly address: string; readonly searchId: string } | undefined;

/** Remembers which search the page shows, for as long as it shows it. */
export function useShownSearch(searchId: string): void {
  const { pathname, search } = useLocation();
  const address = pathname + search;
  useEffect(() => {
    const mine = { address, searchId };
    onShow = mine;
    return () => {
      if (onShow === mine) onShow = undefined;
    };
  }, [address, searchId]);
}

/** Loads with a note of the search on show, when it is the one of the request's address. */
export async function withShownSearch<Loaded>(
  { url }: Pick<Request, "url">,
  load: () => Promise<Loaded>,
): Promise<Loaded> {
  const { pathname, search } = new URL(url);
  const shown = onShow;
  if (shown?.address !== pathname + search) return load();
  noteCookie(shown.searchId, secondsOfRequest);
  try {
    return await load();
  } finally {
    noteCookie("", 0);
  }
}

function noteCookie(value: string, maxAgeSeconds: number): void {
  document.cookie = `${cookieName}=${value}; Path=/; Max-Age=${maxAgeSeconds}; SameSite=Strict`;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The search that the page of a request shows already, as it says itself; nothing when it says nonsense. */
export function shownSearch({ headers }: Pick<Request, "headers">): string | undefined {
  const pair = (headers.get("cookie") ?? "")
    .split(";")
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${cookieName}=`));
  const value = pair?.slice(cookieName.length + 1);
  return value !== undefined && uuid.test(value) ? value : undefined;
}
