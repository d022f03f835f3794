import type { Queryable } from "@almanac/db";
import { commitGroup } from "@almanac/events";
import { createLiveMemory, type Forgetting, type LiveMemory } from "./core/live-memory.ts";
import { readNotedChanges, type NotedChange } from "./store/noted-changes.ts";

type ThingKind = Exclude<NotedChange["kind"], "all">;

/**
 * What one process remembers of products, shoppers, sales and markets holds until the database says that it changed. The database is asked with each
 * request, by one short statement for all who ask at the same moment, so that no process depends on being told by another.
 */
export interface NotedChanges {
  /** A moment of this process: what is told of a later one is told of all that was committed before now. */
  now(): number;
  /**
   * Done when the memories have forgotten all that was changed before a moment.
   *
   * @param since the moment of the call unless an earlier one will do
   */
  catchUp(since?: number): Promise<void>;
  /** A memory of things of a kind: ask it after `catchUp` only. @param most things; no limit unless set */
  remember<Id extends string, Value>(kind: ThingKind, most?: number): LiveMemory<Id, Value>;
  /** Has all of a memory forgotten when anything of another kind changes. */
  forgetWith(kind: ThingKind, memory: LiveMemory<string, unknown>): void;
}

/** More have changed than could be worth telling one by one. */
const mostTold = 5_000;

export function createNotedChanges({ db }: { readonly db: Queryable }): NotedChanges {
  const memories: { readonly kind: ThingKind; readonly memory: Forgetting }[] = [];
  /** Statements that have begun, and up to which of them all is told. */
  let begun = 0;
  let told = 0;
  /** The snapshot that the last statement saw, in which database. */
  let seen: { readonly snapshot: string; readonly serverStart: string } | undefined;

  const forgetAll = (): void => {
    for (const { memory } of memories) memory.forgetAll();
  };

  async function tell(): Promise<void> {
    const moment = ++begun;
    const { changes, ...now } = await readNotedChanges(db, { after: seen?.snapshot, most: mostTold });
    // A server that was started anew may have lost what was seen of transactions that were not on the disk yet.
    const isLost = seen?.serverStart !== now.serverStart || changes.length >= mostTold;
    if (isLost || changes.some(({ kind }) => kind === "all")) forgetAll();
    else
      for (const { kind, id } of changes)
        for (const { kind: of, memory } of memories) if (of === kind && id !== null) memory.forget(id);
    seen = now;
    told = moment;
  }

  const group = commitGroup<undefined, undefined>(
    async (asked) => {
      await tell();
      return asked.map(() => undefined);
    },
    { maxWeight: Infinity, weightOf: () => 1 },
  );

  return {
    now: () => begun,
    async catchUp(since = begun) {
      if (told <= since) await group.add(undefined);
    },
    remember<Id extends string, Value>(kind: ThingKind, most = Infinity) {
      const memory = createLiveMemory<Id, Value>(most);
      memories.push({ kind, memory });
      return memory;
    },
    forgetWith(kind, memory) {
      const forgetAll = (): void => memory.forgetAll();
      memories.push({ kind, memory: { forget: forgetAll, forgetAll } });
    },
  };
}
