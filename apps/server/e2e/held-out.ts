import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import type { HttpCaller } from "../src/testing/server-process.ts";
import { accessibilityFindings, desk, overflow, type Visitor } from "./browser.ts";
import type { RunningShop } from "./running-shop.ts";
import { addToBasket, productsOn, waitUntilLive } from "./shop.ts";

const key = "no-recommendations";
const product = "heirloom-tomatoes-hollow-oak";

interface Listed {
  readonly id: string;
  readonly key: string;
  readonly status: string;
}

const shelvesOf = (page: Page): Promise<string[]> =>
  page
    .locator("[data-shelf]")
    .evaluateAll((all) => all.map((shelf) => shelf.getAttribute("data-shelf") ?? ""));

/** Pixels between the parts of a page that can be seen, one below the other: all alike where nothing is missing. */
const gapsOf = (page: Page): Promise<number[]> =>
  page.locator("main .stack--loose").evaluateAll((stacks) =>
    stacks.flatMap((stack) => {
      const boxes = [...stack.children]
        .map((part) => part.getBoundingClientRect())
        .filter(({ height }) => height > 0);
      return boxes.slice(1).map(({ top }, at) => Math.round(top - boxes[at]!.bottom));
    }),
  );

/** A shopper who is held out of recommendations. */
export function testsOfHeldOut({ open, caller }: RunningShop): void {
  const startHoldout = async (operator: HttpCaller): Promise<string> => {
    const listed = (await operator.query("admin.experiments.list", {})).data as unknown as Listed[];
    const holdout = listed.find((one) => one.key === key);
    if (!holdout) throw new Error("The demo world has no holdout");
    if (holdout.status === "draft") await operator.mutate("admin.experiments.start", { id: holdout.id });
    return holdout.id;
  };

  /** A browser that nobody has seen before, in an arm of the holdout. */
  const openIn = async (arm: "recommended" | "held-out"): Promise<Visitor> => {
    const visitor = await open({ viewport: desk });
    const { request } = visitor.context;
    for (;;) {
      await visitor.context.clearCookies();
      await request.get("/account");
      const answer = await request.get("/trpc/experiments.assignments?input=%7B%22fresh%22%3Atrue%7D");
      const { result } = (await answer.json()) as { result: { data: { key: string; arm: string }[] } };
      if (result.data.find((one) => one.key === key)?.arm === arm) return visitor;
    }
  };

  it("has good pages without a list that a model made, is counted, and takes no other shopper's away", async () => {
    const operator = await caller("ines@demo.example");
    const id = await startHoldout(operator);
    const other = await openIn("recommended");
    await other.page.goto(`/products/${product}`);
    await expect.poll(() => productsOn(other.page, "similar").then((all) => all.length)).toBeGreaterThan(0);

    const { page, complaints } = await openIn("held-out");
    await page.goto(`/products/${product}`);
    await waitUntilLive(page);
    await page.getByRole("heading", { level: 1 }).waitFor();
    expect(await shelvesOf(page)).toEqual([]);
    expect(await page.getByText("Not bought often enough").count()).toBe(0);
    const gaps = await gapsOf(page);
    expect(gaps.length).toBeGreaterThan(1);
    expect(new Set(gaps).size, `gaps of ${gaps.join(", ")} px`).toBe(1);
    expect([await accessibilityFindings(page), await overflow(page)]).toEqual([[], 0]);
    await page
      .locator("main")
      .last()
      .evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    const heldOut = async () => {
      const { data } = await operator.query("admin.experiments.results", { id });
      const exposed = data["exposed"] as { arm: string; shoppers: number }[];
      return exposed.find(({ arm }) => arm === "held-out")?.shoppers ?? 0;
    };
    await expect.poll(heldOut, { timeout: 15_000 }).toBeGreaterThan(0);

    await addToBasket(page, product);
    await page.goto("/cart");
    await page.getByRole("link", { name: "Check out" }).waitFor();
    expect(await shelvesOf(page)).toEqual([]);
    expect(new Set(await gapsOf(page)).size).toBe(1);
    expect([await accessibilityFindings(page), await overflow(page)]).toEqual([[], 0]);

    // What is in the basket would move it up in a search of their own.
    await page.goto("/search?q=fresh");
    await page.locator('[aria-label="Results"] a[href^="/products/"]').first().waitFor();
    const searched = await page.request.get(
      `/trpc/search.query?input=${encodeURIComponent(JSON.stringify({ q: "fresh" }))}`,
    );
    const { result } = (await searched.json()) as { result: { data: { personalised: boolean } } };
    expect(result.data.personalised).toBe(false);
    expect(complaints).toEqual([]);
  });
}
