import type { TRPCClient } from "@trpc/client";
import type { AppRouter } from "./app-router.ts";

/** Every procedure by its path: `client.search.query.query({ q })`, `client.orders.place.mutate({ ... })`. */
export type AlmanacClient = TRPCClient<AppRouter>;
