import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { chromiumPath, desk, phone } from "./browser.ts";
import { testRankingPages } from "./ranking-pages.ts";
import { testSearchPages } from "./search-pages.ts";
import { useRunningShop } from "./running-shop.ts";
import { addToBasket, layoutShift, waitUntilLive, watchLayout } from "./shop.ts";

/** EVT-01. */
const actionNames = [
  "VIEW_PRODUCT",
  "VIEW_FARM",
  "ADD_TO_CART",
  "REMOVE_FROM_CART",
  "ADD_TO_WISHLIST",
  "REMOVE_FROM_WISHLIST",
  "SEARCH",
  "FILTER_CATEGORY",
  "COMPLETE_PURCHASE",
  "RATE_PRODUCT",
  "RATE_FARM",
  "SHARE_PRODUCT",
  "VIEW_RECOMMENDATIONS",
  "CLICK_RECOMMENDATION",
];

interface LoggedAction {
  readonly action: string;
  readonly entityId: string;
}

describe.runIf(chromiumPath)("looking around, in a browser", () => {
  const shop = useRunningShop();
  const { open, openAs } = shop;

  it("asks at most twice while eight letters are typed", async () => {
    const { page, complaints, context } = await open();
    // The test's own clock: eight letters, 80 ms apart, however slow the machine is.
    await page.clock.install();
    await page.goto("/");
    await waitUntilLive(page);
    const asked: string[] = [];
    page.on("request", (request) => {
      if (request.url().includes("search.")) asked.push(request.url());
    });
    const box = page.getByRole("combobox", { name: /search/i });
    await box.focus();
    await page.clock.pauseAt(await page.evaluate(() => Date.now() + 1_000));
    for (const letter of "eggplant") {
      await page.keyboard.press(letter);
      await page.clock.runFor(80);
    }
    await page.clock.runFor(1_000);
    await page.clock.resume();
    await page
      .getByRole("option", { name: /aubergine/i })
      .first()
      .waitFor();
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.length).toBeLessThanOrEqual(2);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("says what it took a slip for, searches as typed when asked to, and tells when a harvest is back", async () => {
    const { page, complaints, context } = await open();
    await page.goto("/search?q=tomatos");
    await page.getByText(/Showing results for\s+tomato\s+instead/).waitFor();
    await page.getByRole("link", { name: /as typed/ }).click();
    await page.getByText("Nothing like that this week").waitFor();
    await page.goto("/search?q=asparagus");
    await page
      .getByText(/in season again on 25 April 2026/)
      .first()
      .waitFor();
    await page.getByRole("button", { name: "Tell me when it is back" }).click();
    await page.getByRole("button", { name: "Stop telling me" }).waitFor();
    const invitation = page.getByRole("link", { name: /Sign in to hear of it everywhere/ });
    expect(await invitation.getAttribute("href")).toBe("/sign-in?to=%2Fsearch%3Fq%3Dasparagus");
    await page.goto("/wishlist");
    await page.getByRole("heading", { name: "We tell you when it is back" }).waitFor();
    await page.getByRole("link", { name: "Purple asparagus" }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it.each([phone, desk])("keeps its place while it loads, at $width px", async (viewport) => {
    const { page, complaints, context } = await open({ viewport });
    await watchLayout(page);
    for (const path of ["/", "/search?q=tomato", "/products/heirloom-tomatoes-hollow-oak"]) {
      await page.goto(path);
      await waitUntilLive(page);
      expect(await layoutShift(page), path).toBeLessThan(0.1);
    }
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("logs each of the fourteen actions once", async () => {
    const { page, complaints, context } = await openAs("maya@demo.example", { viewport: desk });
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const logged = async (): Promise<LoggedAction[]> => {
      const { parts } = await (await page.request.get("/account/export")).json();
      return parts.history.actions;
    };
    const goto = async (path: string): Promise<void> => {
      await page.goto(path);
      await waitUntilLive(page);
    };

    await goto("/");
    await page.locator('[data-shelf="for-you"]').scrollIntoViewIfNeeded();
    // One that is not looked at again below.
    const later = ["mozzarella-whey-street", "burrata-whey-street", "basil-fern-bank"];
    const others = later.map((slug) => `:not([href*="${slug}"])`).join("");
    await page.locator(`[data-shelf="for-you"] a[href^="/products/"]${others}`).first().click();
    await page.waitForURL(/\/products\//);
    await goto("/search?q=mozzarella");
    await goto("/search?category=herbs");
    await goto("/farms/whey-street");
    await rate(page);
    await goto("/products/mozzarella-whey-street");
    await rate(page);
    await keepAndDrop(page);
    await page.getByRole("button", { name: "Share" }).click();
    await page.getByText("The link is copied.").waitFor();
    await addToBasket(page, "burrata-whey-street");
    await addToBasket(page, "basil-fern-bank");
    await goto("/cart");
    await page.getByRole("button", { name: "Remove Burrata" }).click();
    await page.getByText("Burrata is out of your basket.").waitFor();
    await goto("/checkout");
    await page.getByRole("button", { name: /place order/i }).click();
    await page.waitForURL(/\/orders\/A-\d+/);

    await expect
      .poll(async () => [...new Set((await logged()).map(({ action }) => action))].toSorted(), {
        timeout: 10_000,
      })
      .toEqual(actionNames.toSorted());
    const rows = (await logged()).map(({ action, entityId }) => `${action} ${entityId}`);
    // What goes well with the basket is another list once something is taken out of it, and is seen anew.
    const again = rows.filter((row, at) => rows.indexOf(row) !== at);
    expect(again.filter((row) => row !== "VIEW_RECOMMENDATIONS complete-order")).toEqual([]);
    expect(again.length).toBeLessThanOrEqual(1);
    expect(complaints).toEqual([]);
    await context.close();
  }, 120_000);

  testRankingPages(shop);
  testSearchPages(shop);
});

/** Five stars, for what was bought. */
async function rate(page: Page): Promise<void> {
  await page.locator("summary", { hasText: /^Rate / }).click();
  await page.getByRole("radio", { name: /5 stars/ }).check({ force: true });
  await page.getByRole("button", { name: "Send rating" }).click();
  await page.getByText(/^Thank you\./).waitFor();
}

/** The heart, and the heart again. */
async function keepAndDrop(page: Page): Promise<void> {
  const done = (path: string) =>
    page.waitForResponse((response) => response.url().includes(path) && response.ok());
  const heart = page.locator("main form[action='/wishlist'] button").first();
  for (const [state, path] of [
    ["false", "wishes.add"],
    ["true", "wishes.remove"],
  ] as const) {
    await expect.poll(() => heart.getAttribute("aria-pressed"), { timeout: 40_000 }).toBe(state);
    const answer = done(path);
    await heart.click();
    await answer;
  }
}

if (!chromiumPath) it.skip("looking around, in a browser: Chromium is not installed");
