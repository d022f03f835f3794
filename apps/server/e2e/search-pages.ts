import { expect, it } from "vitest";
import { accessibilityFindings, desk, phone } from "./browser.ts";
import type { RunningShop } from "./running-shop.ts";
import { waitUntilLive } from "./shop.ts";

/** Tests of the page of results, on the shop of a file that has one running. */
export function testSearchPages({ open }: RunningShop): void {
  it("takes a typed price as a filter that can be taken off, and leaves the field to who types", async () => {
    const { page, complaints, context } = await open();
    await page.goto("/search?q=eggs");
    await waitUntilLive(page);
    const box = page.getByRole("combobox", { name: /search/i });
    await box.click();
    await page.keyboard.press("End");
    await page.keyboard.type(" cheap under 6");
    await page.waitForURL("/search?q=eggs&maxPriceCents=600&sort=cheapest");
    await page.getByText(/^\d products, cheapest first/).waitFor();
    expect(await box.inputValue()).toBe("eggs cheap under 6");
    expect(await box.evaluate((field) => field === document.activeElement)).toBe(true);
    await page.getByRole("link", { name: "Up to 6.00" }).click();
    await page.waitForURL("/search?q=eggs&sort=cheapest");
    await expect.poll(() => box.inputValue()).toBe("eggs");
    await page.goto("/search?q=jam+under+%2420&exact=1");
    expect(new URL(page.url()).search).toBe("?q=jam+under+%2420&exact=1");
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("says that nothing promises what was asked for, above what the other words find", async () => {
    const { page, complaints, context } = await open();
    await page.goto("/search?q=gluten+free+bread");
    await page.getByText("No farm says “gluten free”").waitFor();
    await page.getByRole("heading", { name: "Baguette" }).first().waitFor();
    expect(await accessibilityFindings(page)).toEqual([]);
    await page.goto("/search?q=gluten+free");
    await page.getByText("We found nothing for “gluten free”").waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("leads out of an empty page, and holds a word longer than a phone is wide", async () => {
    const { page, complaints, context } = await open({ viewport: phone });
    await page.goto("/search?q=eggs&organic=1&maxPriceCents=100");
    await waitUntilLive(page);
    await page.getByRole("link", { name: "Take the filters off" }).click();
    await page.waitForURL("/search?q=eggs");
    await page.getByText(/^[1-9]\d* products/).waitFor();
    await page.goto(`/search?q=${"tomato".repeat(20)}`);
    await page.getByText("Nothing like that this week").waitFor();
    const beyond = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
    expect(await page.evaluate(beyond)).toBe(0);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("offers choices that leave as many as they say, and none that leave nothing", async () => {
    const { page, complaints, context } = await open({ viewport: desk });
    await page.goto("/search?q=tomatoes");
    await waitUntilLive(page);
    const choices = page
      .getByRole("form", { name: "Narrow the results" })
      .locator("label:has(.facets__count)");
    const labels = await choices.allInnerTexts();
    expect(labels.length).toBeGreaterThan(5);
    // Every third is one of each group at least.
    for (const label of labels.filter((_, at) => at % 3 === 0)) {
      const [, name = "", count = ""] = /^(.*?)\s+(\d+)$/.exec(label.trim())!;
      expect(Number(count), label).toBeGreaterThan(0);
      await page.goto("/search?q=tomatoes");
      await waitUntilLive(page);
      await choices.filter({ hasText: name }).first().click();
      await page.waitForURL((url) => url.searchParams.size > 1);
      await page.getByText(new RegExp(`^${count} products?,`)).waitFor();
    }
    expect(complaints).toEqual([]);
    await context.close();
  });
}
