import type { Milliseconds } from "@almanac/kernel";
import { LRUCache } from "lru-cache";
import type { SecondLevel } from "./second-level.ts";

export interface CacheOptions {
  /** Of this cache alone: "recsys.trending". */
  readonly name: string;
  /** Raised when what is kept changes its shape, so that an older process's values are not misread. */
  readonly version?: number;
  readonly ttlMs: Milliseconds;
  /** How many values are kept in memory at most, the longest unused going first: 1,000 unless set otherwise. */
  readonly maxEntries?: number;
  /** Shared by all processes; without it each has its own. Values then pass through JSON. */
  readonly secondLevel?: SecondLevel;
  /** Milliseconds on a clock that never jumps. */
  readonly monotonic?: () => Milliseconds;
}

export interface LoadOptions {
  /** Names by which `invalidateTag` finds the value: the ids of what it was made from. */
  readonly tags?: readonly string[];
}

export interface CacheStats {
  readonly hits: number;
  readonly misses: number;
  readonly entries: number;
}

/** Keeps what is dear to make for a while. Never the only place where something is. */
export interface Cache<Value> {
  /**
   * The value kept under the key, or what `load` makes, which is then kept. Callers at the same moment share one `load`; one
   * that fails is not kept and fails for all of them.
   */
  get(key: string, load: () => Promise<Value>, options?: LoadOptions): Promise<Value>;
  /** Forgets one value, here and in the second level. */
  invalidate(key: string): Promise<void>;
  /** Forgets, in this process, every value with the tag; the second level forgets those that this process kept. */
  invalidateTag(tag: string): Promise<void>;
  clear(): void;
  stats(): CacheStats;
}

interface Entry<Value> {
  readonly value: Value;
  readonly tags: readonly string[];
}

/** Memory first; then, where there is one, the second level; then `load`. */
export function createCache<Value>({
  name,
  version = 1,
  ttlMs,
  maxEntries = 1_000,
  secondLevel,
  monotonic = () => performance.now(),
}: CacheOptions): Cache<Value> {
  const keysByTag = new Map<string, Set<string>>();
  const loading = new Map<string, Promise<Value>>();
  const stats = { hits: 0, misses: 0 };
  const memory = new LRUCache<string, Entry<Value>>({
    max: maxEntries,
    ttl: ttlMs,
    ttlResolution: 0,
    perf: { now: monotonic },
    dispose: (entry, key) => untag(key, entry.tags),
  });
  const sharedKey = (key: string): string => `almanac:cache:${name}:v${version}:${key}`;

  function untag(key: string, tags: readonly string[]): void {
    for (const tag of tags) {
      const keys = keysByTag.get(tag);
      if (keys?.delete(key) && keys.size === 0) keysByTag.delete(tag);
    }
  }

  function keep(key: string, value: Value, tags: readonly string[]): void {
    // Setting a key again disposes of its old entry, so the tags are written afterwards.
    memory.set(key, { value, tags });
    for (const tag of tags) keysByTag.set(tag, (keysByTag.get(tag) ?? new Set()).add(key));
  }

  async function loadShared(key: string, load: () => Promise<Value>): Promise<Value> {
    if (!secondLevel) return load();
    const text = await secondLevel.get(sharedKey(key));
    if (text !== undefined) {
      // What this name and version kept is a Value; a change of shape is a new version.
      const shared: { value: Value } = JSON.parse(text);
      return shared.value;
    }
    const value = await load();
    await secondLevel.set(sharedKey(key), JSON.stringify({ value }), ttlMs);
    return value;
  }

  return {
    get(key, load, { tags = [] } = {}) {
      const entry = memory.get(key);
      if (entry) {
        stats.hits += 1;
        return Promise.resolve(entry.value);
      }
      const underWay = loading.get(key);
      if (underWay) return underWay;
      stats.misses += 1;
      const started = loadShared(key, load)
        .then((value) => {
          // Invalidated meanwhile: the value may be older than that, so it is answered but not kept.
          if (loading.get(key) === started) keep(key, value, tags);
          return value;
        })
        .finally(() => {
          if (loading.get(key) === started) loading.delete(key);
        });
      loading.set(key, started);
      return started;
    },
    async invalidate(key) {
      loading.delete(key);
      memory.delete(key);
      await secondLevel?.remove([sharedKey(key)]);
    },
    async invalidateTag(tag) {
      // What is being made may carry the tag; only its maker knows.
      loading.clear();
      const keys = [...(keysByTag.get(tag) ?? [])];
      for (const key of keys) memory.delete(key);
      if (keys.length > 0) await secondLevel?.remove(keys.map(sharedKey));
    },
    clear() {
      loading.clear();
      memory.clear();
    },
    stats: () => ({ ...stats, entries: memory.size }),
  };
}
