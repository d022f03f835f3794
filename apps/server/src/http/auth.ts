import type { IncomingMessage, ServerResponse } from "node:http";
import type { Identity } from "@almanac/identity";
import { addressOf, originOf, type SiteSettings } from "./request-facts.ts";
import { commonHeaders } from "./security-headers.ts";
import { sendWebResponse, toWebRequest } from "./web-bridge.ts";

const maxBodyBytes = 64 * 1024;

/** The account endpoints under `/api/auth/`. */
export function createAuthRoute(identity: Identity, site: SiteSettings) {
  return async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const request = toWebRequest(incoming, outgoing, { origin: originOf(incoming, site), maxBodyBytes });
    const response = await identity.handleAuthRequest(request, { ip: addressOf(incoming, site) });
    for (const [name, value] of Object.entries(commonHeaders)) response.headers.set(name, value);
    response.headers.set("cache-control", "no-store");
    await sendWebResponse(response, outgoing);
  };
}
