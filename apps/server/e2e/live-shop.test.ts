import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HttpCaller, startServerProcess, temporaryFolder, type ServerProcess } from "../src/testing.ts";
import { chromiumPath, openBrowser, visit, type Visitor } from "./browser.ts";
import { addToBasket, isSamePage, markPage, waitUntilLive } from "./shop.ts";

describe.runIf(chromiumPath)("a shop that is alive, in a browser", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let server: ServerProcess;
  let browser: Browser;
  let fern: HttpCaller;

  beforeAll(async () => {
    folder = await temporaryFolder();
    server = await startServerProcess(folder.path, {
      ALMANAC_DEMO: "demo",
      ALMANAC_CLOCK: "2025-08-13T09:00:00-04:00",
      RATE_LIMIT_FACTOR: "100",
    });
    browser = await openBrowser();
    fern = new HttpCaller(server.url);
    await fern.signIn("fern@demo.example");
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await server?.end("SIGTERM");
    await folder?.[Symbol.asyncDispose]();
  });

  const open = (): Promise<Visitor> => visit(browser, server.url);

  const productOf = async (slug: string) => {
    const { data } = await fern.query("products.get", { slug });
    return data as unknown as { id: string; variantId: string; farm: { id: string } };
  };

  it("tells who has the last one in the basket when another buys it; the rest is still ordered", async () => {
    const maya = await open();
    await addToBasket(maya.page, "purple-basil-fern-bank");
    await addToBasket(maya.page, "mozzarella-whey-street");
    await maya.page.goto("/cart");
    await waitUntilLive(maya.page);
    await markPage(maya.page);

    const rival = new HttpCaller(server.url);
    await rival.fetch("/");
    const { variantId } = await productOf("purple-basil-fern-bank");
    await rival.mutate("cart.add", { variantId, quantity: 1 });
    const { data } = await rival.query("checkout.slots");
    const [slot] = data["slots"] as { id: string }[];
    const bought = await rival.mutate("orders.place", {
      pickupSlotId: slot!.id,
      idempotencyKey: "rival-buys-the-last",
    });
    expect(bought.status).toBe(200);
    await maya.page.getByText("Sold out for this market day.").waitFor({ timeout: 2_000 });
    expect(await isSamePage(maya.page)).toBe(true);

    await maya.page.goto("/checkout");
    await maya.page.getByText("Purple basil is sold out").waitFor();
    await maya.page.getByRole("link", { name: "Find another" }).waitFor();
    await maya.page.getByRole("button", { name: /place order/i }).click();
    await maya.page.waitForURL(/\/orders\/A-\d+/);
    await maya.page.locator("main").getByText("Mozzarella").first().waitFor();
    expect(await maya.page.locator("main").getByText("Purple basil").count()).toBe(0);
    expect(maya.complaints).toEqual([]);
    await maya.context.close();
  }, 60_000);

  it("says which times are free when somebody took the last place of a slot", async () => {
    const { page, context } = await open();
    await addToBasket(page, "basil-fern-bank");
    await page.goto("/checkout");
    const eleven = page.getByRole("radio", { name: /11:00/ });
    await eleven.check({ force: true });

    const rival = new HttpCaller(server.url);
    await rival.fetch("/");
    const { variantId } = await productOf("basil-fern-bank");
    await rival.mutate("cart.add", { variantId, quantity: 1 });
    const { data } = await rival.query("checkout.slots");
    const slot = (data["slots"] as { id: string; placesLeft: number }[]).find(
      ({ placesLeft }) => placesLeft === 1,
    );
    const key = { pickupSlotId: slot!.id, idempotencyKey: "rival-at-eleven" };
    expect((await rival.mutate("orders.place", key)).status).toBe(200);

    await page.getByRole("button", { name: /place order/i }).click();
    await page.getByText("Still free: 10:00 or 12:00").waitFor();
    await context.close();
  });
});

if (!chromiumPath) it.skip("a shop that is alive, in a browser: Chromium is not installed");
