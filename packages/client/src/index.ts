export type { AlmanacLoadContext } from "./remix.ts";
