export { createAlmanacClient } from "./client.ts";
export type { AlmanacClientOptions } from "./client.ts";
export type { AlmanacClient } from "./client-type.ts";
export type { AlmanacError } from "./error-type.ts";
export { detailsOf, isAlmanacError, messageOf, reasonOf } from "./reason.ts";
export type { Reason } from "./reason.ts";
