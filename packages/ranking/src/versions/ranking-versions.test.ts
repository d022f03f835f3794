import { callerNamed, testNow, userIdOf } from "@almanac/catalog/testing";
import { auditLog, searchLog } from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { createInProcessBus, type Bus } from "@almanac/events";
import { aRequestContext } from "@almanac/events/testing";
import { days, newId, shiftedClock, type ShiftedClock, type UserId } from "@almanac/kernel";
import { anonymousCaller, createCallerFactory, router, wireErrorOf } from "@almanac/trpc";
import type { Caller } from "@almanac/trpc";
import { TRPCError } from "@trpc/server";
import { asc, eq, like } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { computeFinalScore, defaultRankingWeights } from "../core/score/final-score.ts";
import type { RankingWeights } from "../core/score/final-score.ts";
import { fixtureQueries } from "../core/score/fixture-queries.ts";
import { searchRoutes } from "../router.ts";
import { buildSmallShop, openTestSearch, type TestSearch } from "../testing.ts";

const freshFirst: RankingWeights = {
  base: 0.1,
  personalization: 0,
  recency: 0.9,
  popularity: 0,
  seasonal: 0,
};
const ines: Caller = callerNamed("ines", { roles: ["operator"] });

describeOnEveryDatabase("versions of the ranking", (test) => {
  let clock: ShiftedClock;
  let bus: Bus;
  let shop: TestSearch;

  const as = (caller: Caller, { search, ranking } = shop) => {
    const routes = searchRoutes({ search, ranking, bus });
    const api = router({ search: routes.search, admin: router(routes.admin) });
    return createCallerFactory(api)(aRequestContext(test.handle, { caller, clock }));
  };
  const versions = (caller = ines) => as(caller).admin.ranking;
  const draft = (weights: RankingWeights = freshFirst, note = "Fresh first") =>
    versions().saveDraft({ weights, note });
  const reasonOf = async (call: Promise<unknown>): Promise<string> => {
    try {
      await call;
      return "ok";
    } catch (error) {
      return error instanceof TRPCError ? wireErrorOf(error).reason : String(error);
    }
  };
  /** What 50 shoppers would read, to the last byte but for what tells one search from another. */
  const fixtureAnswers = async (): Promise<string[]> =>
    Promise.all(
      fixtureQueries.map(async (q) => {
        const { searchId: _, tookMs: _took, ...answer } = await as(anonymousCaller).search.query({ q });
        return JSON.stringify(answer);
      }),
    );

  beforeEach(async () => {
    clock = shiftedClock(testNow, { now: () => testNow });
    bus = createInProcessBus();
    await test.fill("the shop", () => buildSmallShop(test.handle));
    shop = await openTestSearch(test.handle, { clock, bus });
  });
  afterEach(async () => {
    shop[Symbol.dispose]();
    await bus.close();
  });

  describe("a draft", () => {
    it("is numbered, names its author and moment, and changes nothing that shoppers see", async () => {
      const before = await fixtureAnswers();
      const version = await draft();
      expect(version).toMatchObject({
        number: 1,
        weights: freshFirst,
        note: "Fresh first",
        basedOn: 0,
        authorUserId: userIdOf("ines"),
        createdAt: testNow,
      });
      expect(await fixtureAnswers()).toEqual(before);
      expect(await versions().list()).toMatchObject({ live: 0, versions: [{ number: 1 }, { number: 0 }] });
    });

    it.each([
      { ...defaultRankingWeights, base: 0.41 },
      { ...defaultRankingWeights, base: 0.4 + 2e-9 },
      { ...defaultRankingWeights, base: 1.2, personalization: -0.5 },
    ])("is refused, with the sum in the sentence, unless five shares sum to one", async (weights) => {
      await expect(draft(weights)).rejects.toThrow(/must be 0 to 1 and sum to 1, not/);
      expect(await reasonOf(draft(weights))).toBe("weights_do_not_sum");
      expect((await versions().list()).versions).toHaveLength(1);
    });

    it("may miss one by less than a billionth: sliders add up in floating point", async () => {
      expect(await reasonOf(draft({ ...defaultRankingWeights, base: 0.4 + 5e-10 }))).toBe("ok");
    });

    it("is refused with a term missing, one too many, or from an unknown version", async () => {
      const { base: _, ...four } = defaultRankingWeights;
      expect(await reasonOf(draft(four as RankingWeights))).toBe("input_invalid");
      expect(await reasonOf(draft({ ...defaultRankingWeights, luck: 0 } as RankingWeights))).toBe(
        "input_invalid",
      );
      const orphan = versions().saveDraft({ weights: freshFirst, basedOn: 77 });
      expect(await reasonOf(orphan)).toBe("ranking_version_not_found");
    });
  });

  describe("going live", () => {
    it("changes the order of the very next search, which says by which version it went", async () => {
      const before = await as(anonymousCaller).search.query({ q: "tomato" });
      const { number } = await draft();
      expect(await versions().publish({ number, expectedLive: 0 })).toEqual({ version: 1, previous: 0 });
      const after = await as(anonymousCaller).search.query({ q: "tomato" });
      expect([before.rankingVersion, after.rankingVersion]).toEqual([0, 1]);
      expect(after.hits[0]!.explain.recency.weight).toBe(0.9);
      const order = ({ hits }: typeof after) => hits.map(({ card }) => card.slug);
      expect(order(after)).not.toEqual(order(before));
      expect(order(after).toSorted()).toEqual(order(before).toSorted());
    });

    it("is logged with every search", async () => {
      await versions().publish({ number: (await draft()).number });
      await as(anonymousCaller).search.query({ q: "tomato" });
      expect(await test.db.select().from(searchLog)).toMatchObject([{ rankingVersion: 1, arm: "control" }]);
    });

    it("reaches other processes by the bus, and where the bus is silent by the next look", async () => {
      using told = await openTestSearch(test.handle, { clock, bus });
      using deaf = await openTestSearch(test.handle, { clock, bus: createInProcessBus() });
      await versions().publish({ number: (await draft()).number });
      await expect.poll(() => told.ranking.current().number).toBe(1);
      expect(deaf.ranking.current().number).toBe(0);
      await deaf.ranking.look();
      expect(deaf.ranking.current().weights).toEqual(freshFirst);
    });

    it("is refused where somebody else switched meanwhile, and for an unknown version", async () => {
      const [first, second] = [await draft(), await draft(defaultRankingWeights, "Again")];
      await versions().publish({ number: first.number, expectedLive: 0 });
      const stale = versions().publish({ number: second.number, expectedLive: 0 });
      expect(await reasonOf(stale)).toBe("ranking_changed");
      expect(await reasonOf(versions().publish({ number: 99 }))).toBe("ranking_version_not_found");
      expect((await versions().list()).live).toBe(1);
    });

    it("happens once, however often it is asked for", async () => {
      const { number } = await draft();
      await Promise.all([1, 2, 3].map(() => versions().publish({ number })));
      expect((await versions().list()).switches).toHaveLength(1);
    });
  });

  describe("rolling back", () => {
    it("restores 50 fixture queries byte for byte", async () => {
      expect(fixtureQueries).toHaveLength(50);
      expect(new Set(fixtureQueries).size).toBe(50);
      const before = await fixtureAnswers();
      await versions().publish({ number: (await draft()).number });
      const changed = await fixtureAnswers();
      expect(changed.filter((answer, at) => answer !== before[at]).length).toBeGreaterThan(10);
      expect(await versions().rollBack({ expectedLive: 1 })).toEqual({ version: 0, previous: 1 });
      expect(await fixtureAnswers()).toEqual(before);
    });

    it("twice goes back two versions", async () => {
      for (const recency of [0.2, 0.3]) {
        const weights = { base: 0.8 - recency, personalization: 0, recency, popularity: 0.1, seasonal: 0.1 };
        await versions().publish({ number: (await draft(weights)).number });
      }
      expect((await versions().rollBack()).version).toBe(1);
      expect((await versions().rollBack()).version).toBe(0);
      expect(await reasonOf(versions().rollBack())).toBe("nothing_to_roll_back");
    });

    it("goes back step by step where one version was published twice, and ends at what was shipped", async () => {
      const [one, two] = [(await draft()).number, (await draft()).number];
      for (const number of [one, two, one, 0]) await versions().publish({ number });
      for (const version of [one, two, one, 0])
        expect(await versions().rollBack()).toMatchObject({ version });
      expect(await reasonOf(versions().rollBack())).toBe("nothing_to_roll_back");
    });

    it("can itself be taken back, by publishing the version again", async () => {
      const { number } = await draft();
      await versions().publish({ number });
      const live = await fixtureAnswers();
      await versions().rollBack();
      await versions().publish({ number, expectedLive: 0 });
      expect(await fixtureAnswers()).toEqual(live);
    });
  });

  it("leaves a line in the audit log for every draft, publication and rollback", async () => {
    await versions().publish({ number: (await draft()).number });
    await versions().rollBack();
    const lines = await test.db
      .select()
      .from(auditLog)
      .where(like(auditLog.action, "ranking.%"))
      .orderBy(asc(auditLog.seq));
    expect(lines.map(({ action, subject, actorUserId }) => [action, subject, actorUserId])).toEqual([
      ["ranking.drafted", "1", ines.userId],
      ["ranking.published", "1", ines.userId],
      ["ranking.rolled_back", "0", ines.userId],
    ]);
  });

  describe("a preview", () => {
    it("shows first places before and after, for what was searched for lately and for the fixtures", async () => {
      for (let i = 0; i < 4; i++) await as(anonymousCaller).search.query({ q: " Goat  CHEESE " });
      await as(anonymousCaller).search.query({ q: "somebody's name" });
      const preview = await versions().preview({ weights: freshFirst });
      expect(preview).toMatchObject({ against: 0, compared: 51, recent: 1 });
      expect(preview.changedCount).toBe(preview.changed.length);
      const tomato = preview.changed.find(({ query }) => query === "tomato")!;
      expect(tomato.before.map(({ slug }) => slug)).not.toEqual(tomato.after.map(({ slug }) => slug));
      const [first] = tomato.after;
      expect(first!.moved).toBe(tomato.before.findIndex(({ id }) => id === first!.id));
      expect(JSON.stringify(preview)).not.toContain("somebody");
    });

    it("is what then happens", async () => {
      const preview = await versions().preview({ weights: freshFirst });
      await versions().publish({ number: (await draft()).number });
      for (const { query, after } of preview.changed) {
        const { hits } = await as(anonymousCaller).search.query({ q: query, limit: 5 });
        expect(hits.map(({ card }) => card.id)).toEqual(after.map(({ id }) => id));
      }
    });

    it("says of one query what each term gave to each place, in both orders", async () => {
      const found = await versions().compare({ query: "tomato", weights: freshFirst });
      const preview = await versions().preview({ weights: freshFirst });
      const changed = preview.changed.find(({ query }) => query === "tomato")!;
      expect(found.against).toBe(0);
      expect(found.before.slice(0, 3).map(({ id }) => id)).toEqual(
        changed.before.slice(0, 3).map(({ id }) => id),
      );
      expect(found.after.slice(0, 3).map(({ id }) => id)).toEqual(
        changed.after.slice(0, 3).map(({ id }) => id),
      );
      for (const { score, terms } of [...found.before, ...found.after]) {
        expect(terms.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(score, 9);
      }
      const [first] = found.after;
      expect(first!.moved).toBe(found.before.findIndex(({ id }) => id === first!.id));
      expect(await versions().compare({ query: "durian", weights: freshFirst })).toMatchObject({
        total: 0,
        before: [],
        after: [],
      });
    });

    it("of the live weights changes nothing", async () => {
      const { changed } = await versions().preview({ weights: defaultRankingWeights });
      expect(changed).toEqual([]);
    });

    it("forgets searches of more than a month ago", async () => {
      for (let i = 0; i < 3; i++) await as(anonymousCaller).search.query({ q: "goat cheese" });
      clock.advance(days(31));
      expect((await versions().preview({ weights: freshFirst })).recent).toBe(0);
    });
  });

  it("is for operators: others are refused, whatever they ask", async () => {
    const stranger = versions(anonymousCaller);
    const maya = versions(callerNamed("maya"));
    const calls = (api: typeof maya) => [
      api.list(),
      api.preview({ weights: freshFirst }),
      api.saveDraft({ weights: freshFirst }),
      api.publish({ number: 0 }),
      api.rollBack(),
    ];
    for (const call of calls(maya)) expect(await reasonOf(call)).toBe("right_missing");
    for (const call of calls(stranger)) expect(await reasonOf(call)).toBe("sign_in_required");
  });

  describe("an arm of an experiment", () => {
    it("may rank by another version, and is logged with the chance it had", async () => {
      const { number } = await draft();
      using arms = await openTestSearch(test.handle, {
        clock,
        bus,
        chooseArm: ({ query }) =>
          query === "tomato" ? { arm: "fresh", propensity: 0.5, rankingVersion: number } : undefined,
      });
      const treated = await arms.search.query({ q: "tomato" });
      expect(treated).toMatchObject({ arm: "fresh", rankingVersion: 1 });
      expect(await arms.search.query({ q: "kale" })).toMatchObject({ arm: "control", rankingVersion: 0 });
      const [row] = await test.db.select().from(searchLog).where(eq(searchLog.id, treated.searchId));
      expect(row).toMatchObject({ arm: "fresh", armPropensity: 0.5, rankingVersion: 1 });
    });

    it("that fails, or names an unknown version, leaves everybody with the control", async () => {
      let answer = (): { arm: string; rankingVersion?: number } => {
        throw new Error("the experiments are away");
      };
      using arms = await openTestSearch(test.handle, { clock, bus, chooseArm: () => answer() });
      const control = await shop.search.query({ q: "tomato" });
      const rest = ({ hits, arm, rankingVersion }: typeof control) => ({ hits, arm, rankingVersion });
      expect(rest(await arms.search.query({ q: "tomato" }))).toEqual(rest(control));
      answer = () => ({ arm: "lost", rankingVersion: 404 });
      expect(rest(await arms.search.query({ q: "tomato" }))).toEqual(rest(control));
    });

    it("may arrange the first places anew, with every product on exactly one page", async () => {
      const reranker = {
        algorithm: "upside-down",
        depth: 4,
        score: (all: readonly unknown[]) => Float64Array.from(all.keys()),
      };
      using arms = await openTestSearch(test.handle, {
        clock,
        bus,
        chooseArm: () => ({ arm: "b", reranker }),
      });
      const control = (await shop.search.query({})).hits.map(({ card }) => card.id);
      const pages = [0, 3, 6].map((offset) => arms.search.query({ limit: 3, offset }));
      const hits = (await Promise.all(pages)).flatMap((page) => page.hits);
      expect(hits.map(({ card }) => card.id)).toEqual([
        ...control.slice(0, 4).toReversed(),
        ...control.slice(4, 9),
      ]);
      expect(hits.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
      const [row] = await test.db.select().from(searchLog).where(eq(searchLog.firstPosition, 4));
      expect(row).toMatchObject({ algorithm: "upside-down", arm: "b" });
      const cheapest = await arms.search.query({ sort: "cheapest" });
      expect(cheapest.hits.map(({ card }) => card.id)).toEqual(
        (await shop.search.query({ sort: "cheapest" })).hits.map(({ card }) => card.id),
      );
    });
  });

  it("G1: the control arm scores .8/.5/.9/.3/1.0 with .6900, whatever is live", async () => {
    await versions().publish({ number: (await draft()).number });
    const { weights } = await shop.ranking.version(0);
    const terms = { base: 0.8, personalization: 0.5, recency: 0.9, popularity: 0.3, seasonal: 1 };
    expect(Math.abs(computeFinalScore(terms, weights) - 0.69)).toBeLessThan(1e-9);
  });

  it("keeps the name of a version whose author was erased out of the list", async () => {
    await versions(callerNamed("gone", { roles: ["operator"], userId: newId<UserId>() })).saveDraft({
      weights: freshFirst,
    });
    const [version] = (await versions().list()).versions;
    expect(version).not.toHaveProperty("authorName");
  });
});
