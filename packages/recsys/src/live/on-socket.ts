import type { LiveSocketsOptions } from "@almanac/realtime";
import type { Caller } from "@almanac/trpc";
import type { Recommendations, RecsysService } from "../service.ts";

type SocketAsk = Parameters<LiveSocketsOptions["recommend"]>[1];

/**
 * What REQUEST_RECOMMENDATIONS is answered with on the plain socket; give it to `createLiveSockets`. The same answer as
 * `recsys.forShopper` gives the same caller.
 */
export function recommendOnSocket(service: Pick<RecsysService, "forShopper">) {
  return (
    { shopperId }: Pick<Caller, "shopperId">,
    { productId, limit, context }: SocketAsk,
  ): Promise<Recommendations> =>
    service.forShopper({
      limit,
      ...(shopperId && { shopperId }),
      ...(productId && { productId }),
      ...(context && { context: typeof context === "string" ? { pageType: context } : context }),
    });
}
