export { demoPassword, demoPeople } from "./accounts.ts";
export { sizeFigures } from "./core/world.ts";
export type { SizeFigures } from "./core/world.ts";
export type { WorldSize } from "./core/model.ts";
export { findLoadedWorld, isEmptyDatabase, loadWorld } from "./load.ts";
export type { LoadedWorld, LoadOptions } from "./load.ts";
