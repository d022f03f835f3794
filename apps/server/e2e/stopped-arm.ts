import type { Page } from "playwright-core";
import { openDatabase } from "@almanac/db";
import { experimentExposures, experiments, searchLog } from "@almanac/db/schema";
import { expect, it } from "vitest";
import type { HttpCaller } from "../src/testing/server-process.ts";
import { desk, type Visitor } from "./browser.ts";
import type { RunningShop } from "./running-shop.ts";
import { isSamePage, markPage, productsOn, waitUntilLive } from "./shop.ts";

/** What a stopped arm may take to be gone from an open page: two seconds, and more where other tests use the processor. */
const withinMs = 15_000;

const resultsOf = (page: Page): Promise<string[]> =>
  page
    .locator('[aria-label="Results"] a[href^="/products/"]')
    .evaluateAll((links) => [...new Set(links.map((link) => link.getAttribute("href") ?? ""))]);

const armOf = async (page: Page, key: string): Promise<string | undefined> => {
  const answer = await page.request.get("/trpc/experiments.assignments?input=%7B%22fresh%22%3Atrue%7D");
  const { result } = (await answer.json()) as { result: { data: { key: string; arm: string }[] } };
  return result.data.find((one) => one.key === key)?.arm;
};

/** Begins an experiment in which nearly everybody gets arm b. */
const begin = async (
  operator: HttpCaller,
  key: string,
  { surface, primaryMetric, config }: { surface: string; primaryMetric: string; config: object },
): Promise<string> => {
  const made = await operator.mutate("admin.experiments.create", {
    key,
    name: key,
    surface,
    primaryMetric,
    guardrails: [],
    arms: [
      { key: "control", name: "As it is", weight: 0.02 },
      { key: "b", name: "Another way", weight: 0.98, config },
    ],
  });
  expect(made.reason).toBeUndefined();
  const id = String(made.data["id"]);
  expect((await operator.mutate("admin.experiments.start", { id })).reason).toBeUndefined();
  return id;
};

/** An arm that is stopped, in open browsers. */
export function testsOfStoppedArms({ open, caller }: RunningShop): void {
  const searchPath = "/search?q=tomato";

  /** Two browsers of their own, both in arm b, that have shopped before: their first search is theirs. */
  const openInArm = async (key: string): Promise<[Visitor, Visitor]> => {
    const found: Visitor[] = [];
    while (found.length < 2) {
      const visitor = await open({ viewport: desk });
      await visitor.page.goto("/account");
      if ((await armOf(visitor.page, key)) === "b") {
        const headers = { origin: new URL(visitor.page.url()).origin };
        expect((await visitor.page.request.post("/trpc/realtime.ticket", { headers, data: {} })).ok()).toBe(
          true,
        );
        found.push(visitor);
      } else await visitor.context.close();
    }
    return [found[0]!, found[1]!];
  };

  it("is gone from the search page within seconds, without a reload, and the searches are logged once", async () => {
    const operator = await caller("ines@demo.example");
    const version = await operator.mutate("admin.ranking.saveDraft", {
      weights: { base: 0, personalization: 0, recency: 1, popularity: 0, seasonal: 0 },
      note: "the freshest first",
    });
    const experiment = {
      surface: "search",
      primaryMetric: "search_ctr",
      config: { rankingVersion: version.data["number"] },
    };
    const plain = await open({ viewport: desk });
    await plain.page.goto(searchPath);
    const control = await resultsOf(plain.page);
    await plain.context.close();
    const id = await begin(operator, "freshest-first", experiment);
    const visitors = await openInArm("freshest-first");
    for (const { page } of visitors) {
      const exposed = page.waitForResponse((response) => response.url().includes("experiments.expose"));
      await page.goto(searchPath);
      await waitUntilLive(page);
      await exposed;
      expect(await resultsOf(page)).not.toEqual(control);
      await markPage(page);
    }

    expect((await operator.mutate("admin.experiments.stop", { id })).reason).toBeUndefined();
    const since = performance.now();
    const left = () => withinMs - (performance.now() - since);
    await Promise.all(
      visitors.map(({ page }) =>
        expect.poll(() => resultsOf(page), { timeout: left(), interval: 20 }).toEqual(control),
      ),
    );
    for (const { page, complaints, context } of visitors) {
      expect(await isSamePage(page)).toBe(true);
      // Seen again, by somebody who goes on: nothing may be noted of an experiment that is over.
      await page.goto("/search?q=basil");
      await waitUntilLive(page);
      expect(complaints).toEqual([]);
      await context.close();
    }
  }, 180_000);

  it("is gone from the home page within seconds, without a reload", async () => {
    const operator = await caller("ines@demo.example");
    const id = await begin(operator, "without-a-list", {
      surface: "recommendations",
      primaryMetric: "conversion",
      config: { recommendations: false },
    });
    const visitors = await openInArm("without-a-list");
    for (const { page } of visitors) {
      await page.goto("/");
      await waitUntilLive(page);
      await page.getByRole("heading", { name: "Trending now" }).waitFor();
      expect(await productsOn(page, "for-you")).toEqual([]);
      await markPage(page);
    }
    expect((await operator.mutate("admin.experiments.stop", { id })).reason).toBeUndefined();
    const since = performance.now();
    await Promise.all(
      visitors.map(({ page }) =>
        page
          .locator('[data-shelf="for-you"] a[href^="/products/"]')
          .first()
          .waitFor({ timeout: withinMs - (performance.now() - since) }),
      ),
    );
    for (const { page, complaints, context } of visitors) {
      expect(await isSamePage(page)).toBe(true);
      expect(complaints).toEqual([]);
      await context.close();
    }
  }, 180_000);
}

/** Ends the server to look into its database, so it comes last. */
export function testsOfStoppedArmsNoted({ close }: RunningShop): void {
  it("was noted for whoever saw it, and for nobody after its end", async () => {
    const handle = await openDatabase({ dataDir: await close() });
    try {
      const all = await handle.db.select().from(experiments);
      const exposures = await handle.db.select().from(experimentExposures);
      for (const key of ["freshest-first", "without-a-list"]) {
        const { id, stoppedAt } = all.find((one) => one.key === key)!;
        const mine = exposures.filter(({ experimentId }) => experimentId === id);
        expect(stoppedAt).not.toBeNull();
        for (const { exposedAt } of mine)
          expect(exposedAt.getTime()).toBeLessThanOrEqual(stoppedAt!.getTime());
        if (key === "freshest-first") expect(mine.map(({ arm }) => arm)).toEqual(["b", "b"]);
      }
      // Each browser searched for tomato once in the arm, and was then shown the control.
      const searches = (await handle.db.select().from(searchLog)).filter(
        ({ query, algorithm }) => query === "tomato" && algorithm === "five_terms",
      );
      const inArm = searches.filter(({ arm }) => arm === "freshest-first/b");
      expect(inArm).toHaveLength(2);
      for (const { shopperId } of inArm) {
        const mine = searches.filter((search) => search.shopperId === shopperId);
        expect(mine.filter(({ arm }) => arm === "freshest-first/b")).toHaveLength(1);
        expect(new Set(mine.map(({ arm }) => arm))).toEqual(new Set(["control", "freshest-first/b"]));
      }
    } finally {
      await handle.close();
    }
  }, 60_000);
}
