import type { ErrorShape } from "./procedures.js";

/** A call that failed: `data` is what the server said, absent when it could not be reached. */
export interface AlmanacError extends Error {
  readonly data: ErrorShape["data"] | undefined | null;
  readonly shape: ErrorShape | undefined | null;
}
