import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import type { HttpCaller } from "../src/testing/server-process.ts";
import { accessibilityFindings } from "./browser.ts";
import type { RunningShop } from "./running-shop.ts";

interface Found {
  readonly searchId: string;
  readonly rankingVersion: number;
  readonly hits: readonly { readonly card: { readonly id: string; readonly slug: string } }[];
}

/** Tests of the operator's pages about search, on the shop of a file that has one running. */
export function testRankingPages({ openAs, caller }: RunningShop): void {
  const searchBy = async (shopper: HttpCaller, q: string): Promise<Found> => {
    const { data } = await shopper.query("search.query", { q });
    return data as unknown as Found;
  };
  const expectTidy = async (page: Page): Promise<void> => {
    const beyond = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
    expect(await page.evaluate(beyond)).toBe(0);
    expect(await accessibilityFindings(page)).toEqual([]);
  };

  it("drafts a ranking on a phone, looks at what changes and why, goes live with it and goes back", async () => {
    const shopper = await caller();
    const search = () => searchBy(shopper, "tomato");
    const expectVersion = (number: number) =>
      expect.poll(async () => (await search()).rankingVersion, { timeout: 10_000 }).toBe(number);
    const before = await search();
    const { page, complaints, context } = await openAs("ines@demo.example");
    await page.goto("/portal/admin/ranking");
    await page.getByRole("heading", { name: "Live now: v0" }).waitFor();
    await expectTidy(page);

    // The sliders give way to each other, so a sum of another size has to be forced upon them.
    await page.locator("input[name=base]").evaluate((slider: HTMLInputElement) => {
      slider.value = "900";
    });
    await page.getByRole("button", { name: "Keep as draft" }).click();
    await page.getByText("The shares do not add up to one.").waitFor();
    await page.goto(
      "/portal/admin/ranking?base=900&personalization=300&recency=100&popularity=100&seasonal=100",
    );
    await page.getByText("This cannot be previewed").waitFor();

    await page.goto("/portal/admin/ranking");
    await page.getByRole("slider", { name: "Freshness" }).fill("600");
    await page.getByRole("textbox", { name: /Why/ }).fill("The freshest first");
    await page.getByRole("button", { name: "Preview" }).click();
    await page.getByRole("heading", { name: /^[1-9]\d* of \d+ queries change their first three$/ }).waitFor();
    // The rest of them is folded away: a phone would be forty screens long.
    expect(await page.getByRole("link", { name: /^Why .+\?$/ }).count()).toBe(8);
    await page.getByText(/^\d+ more queries$/).click();
    expect(await page.getByRole("link", { name: /^Why .+\?$/ }).count()).toBeGreaterThan(8);
    await expectTidy(page);
    const why = page.getByRole("link", { name: "Why tomato?", exact: true });
    await ((await why.count()) ? why : page.getByRole("link", { name: /^Why .+\?$/ }).first()).click();
    await page.getByRole("group", { name: "Which order is shown" }).waitFor();
    await expectTidy(page);
    await page.getByRole("radio", { name: "Now" }).check({ force: true });
    await page.getByRole("heading", { name: "Now: v0" }).waitFor();
    await page.getByRole("link", { name: "Back to the preview" }).click();

    await page.getByRole("button", { name: "Keep as draft" }).click();
    await page.getByText("Kept as v1. Shoppers see nothing of it yet.").waitFor();
    expect((await search()).rankingVersion).toBe(0);
    await page.getByRole("button", { name: "Publish v1" }).click();
    await page.getByText("v1 is live.").waitFor();
    await expectVersion(1);
    await page.getByRole("button", { name: /^Roll back/ }).click();
    await page.getByText("Back to v0.").waitFor();
    await expectVersion(0);
    const slugs = ({ hits }: Found) => hits.map(({ card }) => card.slug);
    expect(slugs(await search())).toEqual(slugs(before));
    expect(complaints).toEqual([]);
    await context.close();
  }, 120_000);

  it("takes over a slider that was moved before the page's script ran, so that the shares still sum to one", async () => {
    const { page, complaints, context } = await openAs("ines@demo.example");
    const release = Promise.withResolvers<void>();
    await page.route(/\.js$/, async (route) => {
      await release.promise;
      await route.continue();
    });
    await page.goto("/portal/admin/ranking", { waitUntil: "commit" });
    const slider = page.locator("input[name=recency]");
    await slider.evaluate((input: HTMLInputElement) => {
      input.value = "600";
    });
    release.resolve();
    const standAt = () =>
      page
        .locator(".weight-sliders input[type=range]")
        .evaluateAll((sliders) => sliders.map((one) => (one as HTMLInputElement).valueAsNumber));
    await expect.poll(async () => (await standAt()).reduce((sum, share) => sum + share, 0)).toBe(1_000);
    expect(await slider.inputValue()).toBe("600");
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("shows operators what was searched for and what came of it", async () => {
    const maya = await caller("maya@demo.example");
    // More often than anything else that the demo's past was asked for.
    const query = "a bunch of radishes";
    for (let i = 0; i < 20; i++) {
      const { searchId, hits } = await searchBy(maya, query);
      const productId = hits[0]!.card.id;
      expect((await maya.mutate("search.click", { searchId, productId, position: 1 })).status).toBe(200);
      await searchBy(maya, "durian");
    }
    const { page, complaints, context } = await openAs("ines@demo.example");
    await page.goto("/portal/admin/search?days=7");
    const table = (name: string) => page.getByRole("region", { name });
    const row = table("Searched for most").getByRole("row", { name: query });
    await row.waitFor();
    expect(await row.innerText()).toMatch(/radishes\s+20\s+100\s%/);
    await table("Found nothing").getByRole("link", { name: "durian" }).waitFor();
    await page.getByRole("heading", { name: "How often a place is looked at" }).waitFor();
    await expectTidy(page);
    expect(complaints).toEqual([]);
    await context.close();
  });
}
