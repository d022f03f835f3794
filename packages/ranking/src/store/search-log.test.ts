import { buildPerson, testNow } from "@almanac/catalog/testing";
import { rows } from "@almanac/db";
import { searchLog, shoppers } from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { historyMergeStep, mergeVisitor, type MergeStep } from "@almanac/identity";
import { idFromName, type ProductId, type ShopperId } from "@almanac/kernel";
import { eq, sql } from "drizzle-orm";
import { beforeEach, expect, it } from "vitest";
import { continueSearch, insertSearch, updateClick, type LoggedSearch } from "./search-log.ts";

const visitor = idFromName<ShopperId>("shopper", "a visitor");
const tomato = idFromName<ProductId>("product", "tomato");
const searchId = idFromName("search", "of tomatoes");
const clock = { now: () => testNow };

const search = (shopperId?: ShopperId): LoggedSearch => ({
  id: searchId,
  ...(shopperId && { shopperId }),
  query: "tomato",
  algorithm: "five_terms",
  arm: "control",
  armPropensity: 1,
  rankingVersion: 1,
  firstPosition: 1,
  isPersonalised: false,
  resultsCount: 1,
  shownIds: [tomato],
  shownTerms: [1, 0, 0, 0, 0],
  shownPrices: [100],
  executionMs: 1,
  searchedAt: testNow,
});
const click = { searchId, productId: tomato, position: 1, shopperId: visitor };

describeOnEveryDatabase("the log of a visitor who signs in", (test) => {
  let account: ShopperId;

  beforeEach(async () => {
    account = (await buildPerson(test.db, "maya")).shopperId;
    await test.db.insert(shoppers).values({ id: visitor });
  });

  const signIn = (...late: MergeStep[]) =>
    test.handle.transaction((tx) =>
      mergeVisitor(tx, visitor, account, { clock, steps: [historyMergeStep, ...late] }),
    );
  const owners = async () =>
    (await test.db.select({ id: searchLog.shopperId }).from(searchLog)).map(({ id }) => id);

  const steps = {
    "a search": { before: undefined, run: () => insertSearch(test.db, search(visitor)) },
    "a click on a search of nobody's": {
      before: search(),
      run: () => updateClick(test.db, click),
    },
    "a click on a search of the visitor's": {
      before: search(visitor),
      run: () => updateClick(test.db, click),
    },
    "the page, loaded again": {
      before: search(visitor),
      run: () => continueSearch(test.db, searchId, search(visitor)),
    },
    "the page of nobody's, loaded again": {
      before: search(),
      run: () => continueSearch(test.db, searchId, search(visitor)),
    },
  };

  for (const [name, { before, run }] of Object.entries(steps)) {
    const isNoted = name === "a search" ? undefined : true;

    it(`has ${name} as the account's afterwards`, async () => {
      if (before) await insertSearch(test.db, before);
      await signIn();
      expect(await run()).toBe(isNoted);
      expect(await owners()).toEqual([account]);
    });

    it(`has ${name} as the account's at the same moment`, async () => {
      if (before) await insertSearch(test.db, before);
      const [isMoved, mayEnd] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const late: MergeStep = {
        name: "late",
        merge: () => {
          isMoved.resolve();
          return mayEnd.promise;
        },
      };
      const signedIn = signIn(late);
      await isMoved.promise;
      let isDone = false;
      const noted = run().finally(() => (isDone = true));
      // The embedded database has one connection, which waits in any case.
      if (test.handle.driver === "postgres")
        await expect.poll(async () => isDone || (await isAnybodyWaiting())).toBe(true);
      mayEnd.resolve();
      await signedIn;
      expect(await noted).toBe(isNoted);
      expect(await owners()).toEqual([account]);
    });
  }

  it("names nobody who has refused by now", async () => {
    await test.db.update(shoppers).set({ trackingConsent: "denied" }).where(eq(shoppers.id, visitor));
    await insertSearch(test.db, search(visitor));
    expect(await updateClick(test.db, click)).toBe(true);
    expect(await continueSearch(test.db, searchId, search(visitor))).toBe(true);
    expect(await owners()).toEqual([null]);
  });

  async function isAnybodyWaiting(): Promise<boolean> {
    const [found] = await rows<{ is: boolean }>(
      test.db,
      sql`select exists (select from pg_locks where not granted
        and (database is null or database = (select oid from pg_database where datname = current_database()))) as is`,
    );
    return found?.is ?? false;
  }
});
