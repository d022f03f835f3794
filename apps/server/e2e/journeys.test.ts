import { describe, expect, it } from "vitest";
import { accessibilityFindings, chromiumPath, desk, overflow, phone } from "./browser.ts";
import { useRunningShop } from "./running-shop.ts";
import { addToBasket, productsOn, signIn, waitUntilLive } from "./shop.ts";

const threeFarms = ["heirloom-tomatoes-hollow-oak", "basil-fern-bank", "mozzarella-whey-street"] as const;

describe.runIf(chromiumPath)("in a browser", () => {
  const { open, caller } = useRunningShop();

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
    await waitUntilLive(page);
    const forYou = (): Promise<string[]> => productsOn(page, "for-you");
    const before = await forYou();
    const reloads = await page.evaluate(() => performance.getEntriesByType("navigation").length);
    // The same person, in another tab.
    const other = await context.newPage();
    for (const slug of ["mozzarella-whey-street", "aged-cheddar-whey-street", "burrata-whey-street"]) {
      const told = other.waitForResponse((response) => response.url().includes("/events.track"));
      await other.goto(`/products/${slug}`);
      await told;
    }
    await expect.poll(forYou, { timeout: 15_000 }).not.toEqual(before);
    expect(await page.evaluate(() => performance.getEntriesByType("navigation").length)).toBe(reloads);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("shows a lower price on an open home page at once", async () => {
    const { page, context } = await open({ viewport: desk });
    await page.goto("/");
    await waitUntilLive(page);
    const farmer = await caller("fern@demo.example");
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

  it("has nothing serious for axe on any page, and nothing beyond the screen, on a phone and on a desk", async () => {
    const { page, complaints, context } = await open();
    for (const path of [
      "/",
      "/search?q=tomato",
      "/products/heirloom-tomatoes-hollow-oak",
      "/farms/hollow-oak",
      "/cart",
      "/news",
      "/sign-in",
      "/portal",
    ]) {
      await page.goto(path);
      if (!path.startsWith("/portal")) await waitUntilLive(page);
      for (const viewport of [phone, desk]) {
        await page.setViewportSize(viewport);
        expect(await accessibilityFindings(page), `${path} at ${viewport.width} px`).toEqual([]);
        expect(await overflow(page), `${path} at ${viewport.width} px`).toBeLessThanOrEqual(0);
      }
      expect(complaints, path).toEqual([]);
    }
    await context.close();
  }, 120_000);
});

if (!chromiumPath) it.skip("in a browser: Chromium is not installed");
