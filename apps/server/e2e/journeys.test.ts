import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HttpCaller, startServerProcess, temporaryFolder, type ServerProcess } from "../src/testing.ts";
import {
  accessibilityFindings,
  chromiumPath,
  desk,
  openBrowser,
  phone,
  visit,
  type Visitor,
} from "./browser.ts";
import { addToBasket, badge, signIn } from "./shop.ts";

const threeFarms = ["heirloom-tomatoes-hollow-oak", "basil-fern-bank", "mozzarella-whey-street"] as const;

describe.runIf(chromiumPath)("in a browser", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let server: ServerProcess;
  let browser: Browser;

  beforeAll(async () => {
    folder = await temporaryFolder();
    server = await startServerProcess(folder.path, {
      ALMANAC_DEMO: "demo",
      ALMANAC_CLOCK: "2025-08-13T09:00:00-04:00",
      RATE_LIMIT_FACTOR: "100",
    });
    browser = await openBrowser();
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await server?.end("SIGTERM");
    await folder?.[Symbol.asyncDispose]();
  });

  const open = (options?: Parameters<typeof visit>[2]): Promise<Visitor> =>
    visit(browser, server.url, options);

  for (const viewport of [phone, desk]) {
    it(`a stranger signs up, searches with a slip, and orders from three farms in one go, at ${viewport.width} px`, async () => {
      const { page, complaints, context } = await open({ viewport });
      await page.goto("/sign-up");
      await page.getByLabel(/name/i).first().fill("Nora");
      await page
        .getByLabel(/e-?mail/i)
        .first()
        .fill(`nora-${viewport.width}@shop.example`);
      await page
        .getByLabel(/password/i)
        .first()
        .fill("a long enough password");
      await page.locator("main form button[type=submit]").first().click();
      await page.waitForURL((url) => !url.pathname.startsWith("/sign-up"));

      await page.goto("/search?q=tomatos");
      const links = page.locator('main a[href^="/products/"]');
      await links.first().waitFor();
      const hrefs = await links.evaluateAll((all) => [
        ...new Set(all.map((link) => link.getAttribute("href"))),
      ]);
      expect(hrefs.slice(0, 3)).toContain("/products/heirloom-tomatoes-hollow-oak");

      for (const slug of threeFarms) await addToBasket(page, slug);
      await page.goto("/cart");
      await page
        .getByRole("link", { name: /check ?out/i })
        .first()
        .click();
      await page.waitForURL(/\/checkout/);
      await page.getByRole("button", { name: /place order/i }).click();
      await page.waitForURL(/\/orders\/A-\d+/);
      const number = /A-\d{5}/.exec(page.url())![0];
      await page.goto("/orders");
      expect(
        await page
          .locator('main a[href^="/orders/A-"]')
          .evaluateAll((all) => new Set(all.map((a) => a.getAttribute("href"))).size),
      ).toBe(1);

      const farmer = await open({ viewport });
      await signIn(farmer.page, "/portal", "tomas@demo.example");
      await farmer.page.waitForURL(/\/portal\/farms\/hollow-oak/);
      await farmer.page.getByText(number).first().waitFor();
      expect([...complaints, ...farmer.complaints]).toEqual([]);
      await farmer.context.close();
      await context.close();
    }, 90_000);
  }

  it("recommendations change while one looks around, without a reload", async () => {
    const { page, complaints, context } = await open({ viewport: desk });
    await page.goto("/");
    await badge(page).filter({ hasText: "live" }).first().waitFor();
    const forYou = (): Promise<string[]> =>
      page
        .locator('section:has(h2:text-is("For you")) a[href^="/products/"]')
        .evaluateAll((all) => [...new Set(all.map((link) => link.getAttribute("href") ?? ""))]);
    const before = await forYou();
    const reloads = await page.evaluate(() => performance.getEntriesByType("navigation").length);
    // The same person, in another tab.
    const other = await context.newPage();
    for (const slug of ["mozzarella-whey-street", "aged-cheddar-whey-street", "burrata-whey-street"]) {
      await other.goto(`/products/${slug}`);
      await other.waitForTimeout(700);
    }
    await expect.poll(forYou, { timeout: 15_000 }).not.toEqual(before);
    expect(await page.evaluate(() => performance.getEntriesByType("navigation").length)).toBe(reloads);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("says that it is live by event stream where WebSocket is blocked, and still changes", async () => {
    const { page, context } = await open({ viewport: desk });
    await context.routeWebSocket(/.*/, (socket) => socket.close());
    await page.goto("/");
    await badge(page).filter({ hasText: "SSE" }).first().waitFor({ timeout: 15_000 });
    await context.close();
  });

  it("shows a lower price on an open home page at once", async () => {
    const { page, context } = await open({ viewport: desk });
    await page.goto("/");
    await badge(page).filter({ hasText: "live" }).first().waitFor();
    const farmer = new HttpCaller(server.url);
    await farmer.signIn("fern@demo.example");
    const parsley = await farmer.query("products.get", { slug: "parsley-fern-bank" });
    const changed = await farmer.mutate("farmCatalog.setPrice", {
      farmId: (parsley.data["farm"] as { id: string }).id,
      variantId: parsley.data["variantId"],
      unitPriceCents: 270,
    });
    expect(changed.status).toBe(200);
    await page
      .locator('section:has(h2:text-is("Price drops")) a[href="/products/parsley-fern-bank"]')
      .first()
      .waitFor({ timeout: 15_000 });
    await context.close();
  });

  it("can be read without JavaScript", async () => {
    const { page, context } = await open({ javaScript: false });
    await page.goto("/");
    const hrefs = await page
      .locator('a[href^="/products/"]')
      .evaluateAll((all) => new Set(all.map((a) => a.getAttribute("href"))).size);
    expect(hrefs).toBeGreaterThanOrEqual(8);
    await page.goto("/search?q=basil");
    await page.locator('main a[href="/products/basil-fern-bank"]').first().waitFor();
    await page.goto("/products/basil-fern-bank");
    await page.getByRole("button", { name: /add to basket/i }).click();
    await page.goto("/cart");
    await page.getByText("Basil").first().waitFor();
    await context.close();
  });

  it.each([
    "/",
    "/search?q=tomato",
    "/products/heirloom-tomatoes-hollow-oak",
    "/farms/hollow-oak",
    "/cart",
    "/sign-in",
    "/portal",
  ])("axe finds nothing serious on %s, on a phone and on a desk", async (path) => {
    for (const viewport of [phone, desk]) {
      const { page, complaints, context } = await open({ viewport });
      await page.goto(path);
      await page.waitForTimeout(600);
      expect(await accessibilityFindings(page)).toEqual([]);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
      expect(complaints).toEqual([]);
      await context.close();
    }
  });
});

if (!chromiumPath) it.skip("in a browser: Chromium is not installed");
