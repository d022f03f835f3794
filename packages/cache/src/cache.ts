import type { Milliseconds, Rng } from "@almanac/kernel";
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
  /** Bytes of all values in memory at most, as their JSON is long; no limit unless set. */
  readonly maxBytes?: number;
  /**
   * Share of the time by which a value goes earlier at most, drawn for each: what was made together does not have to be
   * made again together. 0 unless set; needs `rng`.
   */
  readonly jitter?: number;
  readonly rng?: Pick<Rng, "next">;
  /** Tells the other processes what was forgotten; without it they keep theirs until its time is over. */
  readonly announce?: CacheAnnouncer;
  /** Shared by all processes; without it each has its own. Values then pass through JSON. */
  readonly secondLevel?: SecondLevel;
  /** Milliseconds on a clock that never jumps. */
  readonly monotonic?: () => Milliseconds;
}

/** How processes tell each other what to forget. Losing a message costs a value's time, never more. */
export interface CacheAnnouncer {
  publish(message: CacheMessage): Promise<void>;
  /** @returns how to stop listening */
  subscribe(hear: (message: CacheMessage) => void): () => void;
}

export interface CacheMessage {
  /** The name and version of the cache that it is about. */
  readonly cache: string;
  readonly key?: string;
  readonly tag?: string;
}

export interface LoadOptions {
  /** Names by which `invalidateTag` finds the value: the ids of what it was made from. */
  readonly tags?: readonly string[];
}

export interface CacheStats {
  /** Answered from memory. */
  readonly hits: number;
  /** Answered from the second level. */
  readonly sharedHits: number;
  /** Made anew. */
  readonly misses: number;
  readonly entries: number;
  /** As counted for `maxBytes`; 0 where that is not set. */
  readonly bytes: number;
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
  /** Forgets every value with the tag: here, in the second level whoever kept it, and in the processes that are told. */
  invalidateTag(tag: string): Promise<void>;
  clear(): void;
  /** Stops listening to the other processes. */
  close(): void;
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
  maxBytes,
  jitter = 0,
  rng,
  announce,
  secondLevel,
  monotonic = () => performance.now(),
}: CacheOptions): Cache<Value> {
  const keysByTag = new Map<string, Set<string>>();
  const loading = new Map<string, Promise<Value>>();
  const stats = { hits: 0, sharedHits: 0, misses: 0 };
  const self = `${name}:v${version}`;
  const memory = new LRUCache<string, Entry<Value>>({
    max: maxEntries,
    ttl: ttlMs,
    ttlResolution: 0,
    perf: { now: monotonic },
    ...(maxBytes !== undefined && { maxSize: maxBytes, sizeCalculation: bytesOf }),
    dispose: (entry, key) => untag(key, entry.tags),
  });
  const sharedKey = (key: string): string => `almanac:cache:${self}:${key}`;
  const sharedTag = (tag: string): string => `almanac:cache-tag:${self}:${tag}`;
  const lifetime = (): Milliseconds => ttlMs * (1 - jitter * (rng?.next() ?? 0));
  const endListening = announce?.subscribe(({ cache, key, tag }) => {
    if (cache !== self) return;
    if (key !== undefined) forget(key);
    if (tag !== undefined) forgetTag(tag);
  });

  function untag(key: string, tags: readonly string[]): void {
    for (const tag of tags) {
      const keys = keysByTag.get(tag);
      if (keys?.delete(key) && keys.size === 0) keysByTag.delete(tag);
    }
  }

  function keep(key: string, value: Value, tags: readonly string[]): void {
    // Setting a key again disposes of its old entry, so the tags are written afterwards.
    memory.set(key, { value, tags }, { ttl: lifetime() });
    for (const tag of tags) keysByTag.set(tag, (keysByTag.get(tag) ?? new Set()).add(key));
  }

  function forget(key: string): void {
    loading.delete(key);
    memory.delete(key);
  }

  function forgetTag(tag: string): void {
    // What is being made may carry the tag; only its maker knows.
    loading.clear();
    keysByTag.get(tag)?.forEach((key) => memory.delete(key));
  }

  async function loadShared(
    key: string,
    load: () => Promise<Value>,
    { tags, isWanted }: { tags: readonly string[]; isWanted: () => boolean },
  ): Promise<Value> {
    if (!secondLevel) {
      stats.misses += 1;
      return load();
    }
    const text = await secondLevel.get(sharedKey(key));
    if (text !== undefined) {
      // What this name and version kept is a Value; a change of shape is a new version.
      const shared: { value: Value } = JSON.parse(text);
      stats.sharedHits += 1;
      return shared.value;
    }
    stats.misses += 1;
    const value = await load();
    // Invalidated meanwhile: what may be older than that must not outlive it where all processes look.
    if (isWanted())
      await secondLevel.set(sharedKey(key), JSON.stringify({ value }), lifetime(), tags.map(sharedTag));
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
      const isWanted = (): boolean => loading.get(key) === started;
      const started: Promise<Value> = loadShared(key, load, { tags, isWanted })
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
      forget(key);
      // The second level first: who is told afterwards must not find the old value there.
      await secondLevel?.remove([sharedKey(key)]);
      await announce?.publish({ cache: self, key });
    },
    async invalidateTag(tag) {
      forgetTag(tag);
      await secondLevel?.removeTag(sharedTag(tag));
      await announce?.publish({ cache: self, tag });
    },
    clear() {
      loading.clear();
      memory.clear();
    },
    close: () => endListening?.(),
    stats: () => ({ ...stats, entries: memory.size, bytes: memory.calculatedSize }),
  };
}

/** Two bytes a character of what the value would be as text, and some for the entry itself. */
function bytesOf({ value, tags }: Entry<unknown>, key: string): number {
  const text = JSON.stringify(value) ?? "";
  return 128 + 2 * (text.length + key.length + tags.join("").length);
}
