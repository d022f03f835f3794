import type { TRPCClientError } from "@trpc/client";
import type { AppRouter } from "./app-router.ts";

/** A call that failed: `data` is what the server said, absent when it could not be reached. */
export type AlmanacError = TRPCClientError<AppRouter>;
