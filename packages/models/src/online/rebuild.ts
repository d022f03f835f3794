import type { Queryable, Transaction } from "@almanac/db";
import type { Bus } from "@almanac/events";
import { days, type ShopperId } from "@almanac/kernel";
import type { TasteStream } from "@almanac/ml";
import type { StreamMathematics } from "../core/kinds/family.ts";
import { alarm } from "../versions/registry.ts";
import {
  findLearner,
  readAllTastes,
  readItems,
  replaceLearner,
  type StoredLearner,
  type ThingsOfLearner,
} from "../store/online.ts";
import { findSettled, findStart, readThings } from "../store/online-log.ts";
import { foldLog, peopleOf, placesOf, tasteOptions, type OnlineDeps } from "./follow.ts";
import { judgeNight, type NightCheck } from "./night-check.ts";

/** How far back a taste is learned from. */
const memoryMs = days(90);
/** People whose first ten are compared. */
const mostCompared = 200;
const listLength = 10;

export type Rebuilt =
  /** Fewer than two things are on sale. */
  { readonly kind: "nothing to choose" } | { readonly kind: "built"; readonly check: NightCheck | undefined };

/**
 * The night's work: learns everything again from the log. First as it was learned line by line, with the things as they were
 * then, and holds the two against each other; then with the things that are on sale now, from ninety days back, which is what
 * goes on. A difference that nobody who left explains is told to operators.
 */
export async function rebuildTastesFromLog(deps: OnlineDeps & { readonly bus: Bus }): Promise<Rebuilt> {
  const { handle, clock, models, bus } = deps;
  const math = await models.mathematics();
  const { db } = handle;
  const found = await readThings(db);
  if (found.length < 2) return { kind: "nothing to choose" };
  const now = clock.now();
  const until = await findSettled(db, now);
  const before = await findLearner(db);
  const again = before && (await learnAgain(db, math, before));
  const things = thingsOf(math, found);
  const fromSeq = await findStart(db, new Date(now.getTime() - memoryMs), until);
  const fresh = new math.TasteStream({ items: things.vectors, ...tasteOptions }, math.emptyStream(fromSeq));
  const places = placesOf(things.ids);
  await foldLog(db, fresh, places, { after: fromSeq, until });
  const check = await handle.transaction(async (tx) => {
    const live = await findLearner(tx, { isLocked: true });
    // What was learned meanwhile is learned here too, with nobody going on at the same time.
    const end = Math.max(until, live?.state.position ?? 0);
    await foldLog(tx, fresh, places, { after: until, until: end });
    const check = live && again && (await heldAgainst(tx, again, { live, before, now }));
    const people = peopleOf(fresh, fresh.learner.users() as ShopperId[]);
    const counts = Float64Array.from(things.ids, (_, place) => fresh.learner.peopleOf(place));
    const state = { ...fresh.state(), position: end };
    await replaceLearner(tx, { fromSeq, state, check, things: { ...things, people: counts }, people }, now);
    if (check?.kind === "replaced")
      await alarm(
        tx,
        { bus, clock },
        `Tastes learned from events were rebuilt from the log and replaced. ${check.words}`,
      );
    return check;
  });
  return { kind: "built", check };
}

function thingsOf(
  math: StreamMathematics,
  found: Awaited<ReturnType<typeof readThings>>,
): Omit<ThingsOfLearner, "people"> {
  const { width } = tasteOptions;
  const vectors = new Float32Array(found.length * width);
  found.forEach(({ words }, at) => vectors.set(math.wordVector(words, width), at * width));
  return { ids: found.map(({ id }) => id), vectors };
}

interface Again {
  readonly stream: TasteStream;
  readonly things: ThingsOfLearner;
}

/** The same lines with the same things as the live one, from nothing. */
async function learnAgain(db: Queryable, math: StreamMathematics, live: StoredLearner): Promise<Again> {
  const things = await readItems(db, tasteOptions.width);
  const stream = new math.TasteStream(
    { items: things.vectors, ...tasteOptions },
    math.emptyStream(live.fromSeq),
  );
  await foldLog(db, stream, placesOf(things.ids), { after: live.fromSeq, until: live.state.position });
  return { stream, things };
}

async function heldAgainst(
  tx: Transaction,
  { stream, things }: Again,
  { live, before, now }: { live: StoredLearner; before: StoredLearner; now: Date },
): Promise<NightCheck | undefined> {
  // Somebody else rebuilt it meanwhile: what was learned again is of another beginning.
  if (live.builtAt.getTime() !== before.builtAt.getTime()) return undefined;
  await foldLog(tx, stream, placesOf(things.ids), {
    after: before.state.position,
    until: live.state.position,
  });
  const { people: counts } = await readItems(tx, tasteOptions.width);
  let difference = 0;
  counts.forEach((count, place) => {
    difference = Math.max(difference, Math.abs(count - stream.learner.peopleOf(place)));
  });
  let known = 0;
  let onlyOne = 0;
  const overlaps: number[] = [];
  const { learner } = stream;
  for await (const page of readAllTastes(tx)) {
    for (const [shopperId, { taste, taken }] of page) {
      const rebuilt = learner.stateOf(shopperId);
      if (!rebuilt) {
        onlyOne += 1;
        continue;
      }
      known += 1;
      rebuilt.taste.forEach((value, at) => (difference = Math.max(difference, Math.abs(value - taste[at]!))));
      if (overlaps.length >= mostCompared) continue;
      const own = learner.top(shopperId, listLength);
      learner.restore(shopperId, { taste, taken });
      overlaps.push(jaccard(own, learner.top(shopperId, listLength)));
      learner.restore(shopperId, rebuilt);
    }
  }
  onlyOne += learner.users().length - known;
  const overlap = overlaps.length === 0 ? 1 : overlaps.reduce((sum, one) => sum + one, 0) / overlaps.length;
  return judgeNight({ live: live.state, rebuilt: stream.state(), difference, overlap, onlyOne }, now);
}

function jaccard(a: readonly number[], b: readonly number[]): number {
  const both = a.filter((item) => b.includes(item)).length;
  return both / (a.length + b.length - both);
}
