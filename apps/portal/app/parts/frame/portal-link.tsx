import type { AnchorProps } from "@almanac/ui";
import { Link } from "@remix-run/react";

const prefix = "/portal";

/**
 * Addresses below the front page and filters ("?day=…") go through the router. All others are plain links; so is the front page itself,
 * where one comes and goes with a session.
 */
export function PortalLink({ href, ...rest }: AnchorProps) {
  if (href.startsWith("?")) return <Link to={href} {...rest} />;
  if (href.startsWith(`${prefix}/`))
    return <Link to={href.slice(prefix.length)} prefetch="intent" {...rest} />;
  return <a href={href} {...rest} />;
}
