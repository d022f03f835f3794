import type { AppRouter } from "@almanac/api-router";
import { createTRPCClient, httpBatchLink, type TRPCClient } from "@trpc/client";

export type BrowserClient = TRPCClient<AppRouter>;

let client: BrowserClient | undefined;

/** The router for code of the page itself: same origin, calls of one moment together. */
export function browserClient(): BrowserClient {
  client ??= createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: "/trpc", maxItems: 20 })] });
  return client;
}
