/** Things that were read of ids, each held until something changes of it. */
export interface LiveMemory<Id extends string, Value> {
  get(id: Id): Value | undefined;
  /** Reads things of ids, and remembers of them what no change was told of meanwhile. @returns all that was read */
  fill<Found extends ReadonlyMap<Id, Value>>(ids: readonly Id[], read: () => Promise<Found>): Promise<Found>;
  forgetAll(): void;
}

/** A memory as it is told of what changed. */
export interface Forgetting {
  forget(id: string): void;
  forgetAll(): void;
}

/** What a read that is under way must not remember. */
interface OpenRead {
  readonly changed: Set<string>;
  isAllChanged: boolean;
}

/**
 * A change may be told of while the thing is being read, by a statement that saw it either before or after the change: such a
 * thing answers whoever asked, and is not remembered.
 *
 * @param most who was asked for last is forgotten last; `Infinity` for no limit
 */
export function createLiveMemory<Id extends string, Value>(most: number): LiveMemory<Id, Value> & Forgetting {
  const values = new Map<string, Value>();
  const reads = new Set<OpenRead>();
  const keep = (id: Id, value: Value): void => {
    values.delete(id);
    values.set(id, value);
    if (values.size <= most) return;
    for (const oldest of values.keys()) {
      values.delete(oldest);
      break;
    }
  };
  return {
    get(id) {
      const value = values.get(id);
      if (value !== undefined && most !== Infinity) keep(id, value);
      return value;
    },
    async fill(ids, read) {
      const open: OpenRead = { changed: new Set(), isAllChanged: false };
      reads.add(open);
      try {
        const found = await read();
        for (const id of ids) {
          const value = found.get(id);
          if (value !== undefined && !open.isAllChanged && !open.changed.has(id)) keep(id, value);
        }
        return found;
      } finally {
        reads.delete(open);
      }
    },
    forget(id) {
      values.delete(id);
      for (const { changed } of reads) changed.add(id);
    },
    forgetAll() {
      values.clear();
      for (const open of reads) open.isAllChanged = true;
    },
  };
}
