import type { DatabaseHandle, Queryable, Transaction } from "@almanac/db";
import { invariant, type Clock, type ProductId, type ShopperId } from "@almanac/kernel";
import type { StreamPerson, TasteStream } from "@almanac/ml";
import type { StreamMathematics } from "../core/kinds/family.ts";
import type { ModelService } from "../serving/service.ts";
import { findLearner, readItems, readTastes, savePeople, saveProgress, saveTastes } from "../store/online.ts";
import { findSettled, readLog, type LogLine } from "../store/online-log.ts";

/**
 * Numbers of a thing's vector, and how large a step is: chosen on a year of real receipts (docs/benches/models.md), where a
 * taste guesses better than how many people take things. Vectors have length one.
 */
export const tasteOptions = { width: 64, rate: 0.5 } as const;

export interface OnlineDeps {
  readonly handle: DatabaseHandle;
  readonly clock: Clock;
  readonly models: Pick<ModelService, "mathematics">;
  readonly signal?: AbortSignal;
  /** Lines of one transaction: 500. */
  readonly pageSize?: number;
  /** Called when a page has been committed, with the place in the log. */
  readonly onPage?: (position: number) => void;
}

/**
 * Learns from every line of the event log that came since, in its order, page by page: what was learned and how far it is are
 * written in one transaction, with the learner's row locked. So a line counts once, wherever a process was killed and however
 * many processes try.
 *
 * @returns lines that were taken in; `undefined` while there is nothing to go on from (`rebuildTastesFromLog` makes it)
 */
export async function followLog(deps: OnlineDeps): Promise<number | undefined> {
  const math = await deps.models.mathematics();
  let lines = 0;
  for (;;) {
    const page = await deps.handle.transaction((tx) => learnPage(tx, math, deps));
    if (page === undefined) return undefined;
    lines += page.lines;
    deps.onPage?.(page.position);
    if (page.isLast || deps.signal?.aborted) return lines;
  }
}

async function learnPage(
  tx: Transaction,
  math: StreamMathematics,
  { clock, pageSize = 500 }: OnlineDeps,
): Promise<{ lines: number; position: number; isLast: boolean } | undefined> {
  const learner = await findLearner(tx, { isLocked: true });
  if (!learner) return undefined;
  const now = clock.now();
  const until = await findSettled(tx, now);
  const after = learner.state.position;
  const log = await readLog(tx, { after, until, limit: pageSize });
  const isLast = log.length < pageSize;
  const position = isLast ? Math.max(after, until) : log.at(-1)!.seq;
  if (log.length === 0) {
    if (position > after) await saveProgress(tx, { ...learner.state, position }, now);
    return { lines: 0, position, isLast };
  }
  const { ids, vectors, people } = await readItems(tx, tasteOptions.width);
  const stream = new math.TasteStream({ items: vectors, people, ...tasteOptions }, learner.state);
  const shoppers = [...new Set(log.flatMap(({ shopperId }) => shopperId ?? []))];
  for (const [shopperId, person] of await readTastes(tx, shoppers)) stream.restore(shopperId, person);
  const places = placesOf(ids);
  const touched = pushAll(stream, log, places);
  await saveTastes(tx, peopleOf(stream, shoppers), now);
  await savePeople(
    tx,
    [...touched].map((place) => ({ place, people: stream.learner.peopleOf(place) })),
  );
  await saveProgress(tx, { ...stream.state(), position }, now);
  return { lines: log.length, position, isLast };
}

export const placesOf = (ids: readonly ProductId[]): ReadonlyMap<ProductId, number> =>
  new Map(ids.map((id, place) => [id, place]));

/** @returns the places of things that were taken */
export function pushAll(
  stream: TasteStream,
  log: readonly LogLine[],
  places: ReadonlyMap<ProductId, number>,
): Set<number> {
  const touched = new Set<number>();
  for (const { seq, shopperId, productId, day } of log) {
    const item = places.get(productId);
    const why = stream.push({ seq, person: shopperId, item, day });
    if (why === undefined && item !== undefined) touched.add(item);
  }
  return touched;
}

/** What is kept of these people, of whom something was learned. */
export function peopleOf(stream: TasteStream, shoppers: readonly ShopperId[]): [ShopperId, StreamPerson][] {
  return shoppers.flatMap((shopperId) => {
    const person = stream.personState(shopperId);
    return person ? [[shopperId, person] as [ShopperId, StreamPerson]] : [];
  });
}

/** Takes in a part of the log, page by page. */
export async function foldLog(
  db: Queryable,
  stream: TasteStream,
  places: ReadonlyMap<ProductId, number>,
  { after, until }: { after: number; until: number },
): Promise<void> {
  const limit = 2_000;
  for (let from = after; ;) {
    const log = await readLog(db, { after: from, until, limit });
    pushAll(stream, log, places);
    if (log.length < limit) return;
    const last = log.at(-1);
    invariant(last, "a full page has a last line");
    from = last.seq;
  }
}
