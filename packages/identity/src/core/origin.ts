import type { SiteAddress } from "./cookies.ts";
import type { HeaderReader } from "./headers.ts";

/**
 * Whether a request that changes something comes from our own pages (or from a program, which has no cookies to abuse).
 *
 * A browser names the page's origin in `Origin` on every request that changes something, and in `Sec-Fetch-Site` even
 * where it hides the first. What names neither is not a browser. OWASP, "Cross-Site Request Forgery Prevention", section
 * "Verifying origin with standard headers".
 *
 * @param site the address under which this request reached us
 * @param trustedOrigins further origins, such as "https://shop.example"
 */
export function isOriginAllowed(
  headers: HeaderReader,
  site: SiteAddress,
  trustedOrigins: readonly string[],
): boolean {
  const origin = headers.get("origin");
  if (origin === null) {
    const fetchSite = headers.get("sec-fetch-site");
    return fetchSite === null || fetchSite === "same-origin" || fetchSite === "none";
  }
  if (trustedOrigins.includes(origin)) return true;
  return origin.toLowerCase() === `${site.protocol}://${site.host}`.toLowerCase();
}
