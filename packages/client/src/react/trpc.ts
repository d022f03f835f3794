import type { AppRouter } from "@almanac/api-router";
import { httpBatchLink } from "@trpc/client";
import { createTRPCReact, type CreateTRPCReact } from "@trpc/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import { QueryClient } from "@tanstack/react-query";

/** Every procedure as a hook: `trpc.cart.get.useQuery()`. What nobody looks at any more is cancelled on its way. */
export const trpc: CreateTRPCReact<AppRouter, unknown> = createTRPCReact<AppRouter>({ abortOnUnmount: true });

export type Answers = inferRouterOutputs<AppRouter>;

/** An answer as a loader has it, before it has travelled: its lists are read-only. */
export type Loaded<Value> = Value extends string | number | boolean | null | undefined
  ? Value
  : Value extends readonly (infer Element)[]
    ? readonly Loaded<Element>[]
    : { readonly [Key in keyof Value]: Loaded<Value[Key]> };

/** The router for the page itself: same origin, calls of one moment together. */
export function createPageClient() {
  return trpc.createClient({ links: [httpBatchLink({ url: "/trpc", maxItems: 20 })] });
}

/** For so long an answer is not asked for again; the live lane says earlier what is out of date. */
const freshMs = 60_000;

/** One for a page in the browser, one for each rendering on the server. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: 1, refetchOnWindowFocus: false, staleTime: freshMs },
      // Repeating what changes something is the person's to decide.
      mutations: { retry: false },
    },
  });
}
