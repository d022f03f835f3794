import type { InProcessApi } from "@almanac/api-router";
import type {} from "@remix-run/node";

/**
 * What a Remix loader or action finds in `context`: the router called in process as the person who asked, the account
 * endpoints, and the page's nonce.
 */
export interface AlmanacLoadContext {
  readonly api: InProcessApi;
  readonly nonce: string;
  readonly requestId: string;
  /** When the request came, by the server's clock, which demos and tests may have set. */
  readonly now: Date;
  /**
   * Where the live lane stood before anything was read for this page: a page that goes on from here hears of everything that
   * was told since, however long it takes to load.
   */
  readonly liveCursor: string;
  /**
   * Calls an account endpoint such as "sign-in/email" as this browser. Hand its `set-cookie` headers on with the action's
   * own answer.
   */
  auth(path: string, body: unknown): Promise<Response>;
}

declare module "@remix-run/node" {
  interface AppLoadContext extends AlmanacLoadContext {}
}
