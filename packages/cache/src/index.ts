export { createCache } from "./cache.ts";
export type { Cache, CacheAnnouncer, CacheMessage, CacheOptions, CacheStats, LoadOptions } from "./cache.ts";
export { redisSecondLevel } from "./second-level.ts";
export type { SecondLevel } from "./second-level.ts";
