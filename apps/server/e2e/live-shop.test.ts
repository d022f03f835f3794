import type { BrowserContext, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { chromiumPath, desk } from "./browser.ts";
import { useRunningShop } from "./running-shop.ts";
import {
  addToBasket,
  basketCount,
  isSamePage,
  markPage,
  productsOn,
  waitForLane,
  waitUntilLive,
} from "./shop.ts";

/** A network that does not let through WebSockets, or event streams. */
async function guard(context: BrowserContext) {
  let areSocketsOpen = true;
  let areStreamsOpen = true;
  const sockets: (() => void)[] = [];
  await context.routeWebSocket(/\/trpc/, (socket) => {
    if (!areSocketsOpen) return void socket.close();
    socket.connectToServer();
    sockets.push(() => void socket.close());
  });
  await context.route(/\/trpc\/realtime\.live/, (route) =>
    areStreamsOpen ? route.continue() : route.abort(),
  );
  return {
    blockSockets() {
      areSocketsOpen = false;
      for (const close of sockets.splice(0)) close();
    },
    blockStreams() {
      areStreamsOpen = false;
    },
    unblock() {
      areSocketsOpen = true;
      areStreamsOpen = true;
    },
  };
}

/** Keeps the scripts of pages from arriving, as a slow network does. @returns lets them through */
async function holdScripts(context: BrowserContext): Promise<() => void> {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  await context.route(/\.js$/, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

describe.runIf(chromiumPath)("a shop that is alive, in a browser", () => {
  const { open, openAs, caller, productOf } = useRunningShop();

  /** Looks at products as the same person elsewhere, until the page recommends something else. */
  const expectNewsOf = async (page: Page, slugs: readonly string[]): Promise<void> => {
    const before = await productsOn(page, "for-you");
    for (const slug of slugs) {
      const { id } = await productOf(slug);
      const event = { id: crypto.randomUUID(), action: "VIEW_PRODUCT", entityType: "PRODUCT", entityId: id };
      const told = await page.request.post("/trpc/events.track", {
        data: { events: [event] },
        headers: { origin: new URL(page.url()).origin },
      });
      expect(told.status()).toBe(200);
    }
    await expect.poll(() => productsOn(page, "for-you"), { timeout: 20_000 }).not.toEqual(before);
  };

  it("goes from WebSocket to events to asking and back by itself, and changes all the time", async () => {
    const { page, context } = await open({ viewport: desk });
    const network = await guard(context);
    await page.goto("/");
    await waitUntilLive(page);
    await markPage(page);

    network.blockSockets();
    await waitForLane(page, "sse", 10_000);
    await expectNewsOf(page, ["mozzarella-whey-street", "aged-cheddar-whey-street", "burrata-whey-street"]);
    expect(await isSamePage(page)).toBe(true);

    // A stream that is open stays open: what is blocked is the next one, of a page that is opened now.
    network.blockStreams();
    await page.goto("/");
    await waitForLane(page, "polling", 20_000);
    await markPage(page);
    await expectNewsOf(page, ["basil-fern-bank", "parsley-fern-bank", "mint-fern-bank"]);

    network.unblock();
    await waitForLane(page, "live", 60_000);
    expect(await isSamePage(page)).toBe(true);
    await context.close();
  }, 150_000);

  it("says that the network is gone, keeps the page, and goes on by itself", async () => {
    const { page, context } = await open();
    await page.goto("/farms");
    await waitUntilLive(page);
    await markPage(page);
    await context.setOffline(true);
    await waitForLane(page, "offline", 10_000);
    const farm = page.getByRole("link", { name: /^Hollow Oak/ }).first();
    await farm.click();
    await page.getByText("No network, so this page stays.").first().waitFor();
    expect(new URL(page.url()).pathname).toBe("/farms");
    await context.setOffline(false);
    await waitUntilLive(page);
    await farm.click();
    await page.waitForURL("/farms/hollow-oak");
    expect(await isSamePage(page)).toBe(true);
    await context.close();
  }, 60_000);

  it("tells who has the last one in the basket when another buys it; the rest is still ordered", async () => {
    const maya = await open();
    await addToBasket(maya.page, "purple-basil-fern-bank");
    await addToBasket(maya.page, "mozzarella-whey-street");
    await maya.page.goto("/cart");
    await waitUntilLive(maya.page);
    await markPage(maya.page);

    const rival = await caller();
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
    // The nearest that can be had is named, and one tap from the basket.
    await maya.page.getByRole("button", { name: /^Take .* from .*, \d+\.\d\d / }).click();
    await expect.poll(() => basketCount(maya.page)).toBe(3);
    // The basket is empty before the order's page is shown: nobody is told meanwhile that there is nothing to check out.
    await maya.page.evaluate(() => {
      const look = () => {
        if (document.body.textContent.includes("There is nothing to check out"))
          document.body.dataset["flashed"] = "yes";
      };
      new MutationObserver(look).observe(document.body, {
        childList: true,
        subtree: true,
        characterData: true,
      });
    });
    await maya.page.getByRole("button", { name: /place order/i }).click();
    await maya.page.waitForURL(/\/orders\/A-\d+/);
    await maya.page.locator("main").getByText("Mozzarella").first().waitFor();
    expect(await maya.page.locator("main").getByText("Purple basil").count()).toBe(0);
    expect(await maya.page.evaluate(() => document.body.dataset["flashed"])).toBeUndefined();
    expect(maya.complaints).toEqual([]);
    await maya.context.close();
  }, 60_000);

  it("says which times are free when somebody took the last place of a slot", async () => {
    const { page, context } = await open();
    await addToBasket(page, "basil-fern-bank");
    await page.goto("/checkout");
    const eleven = page.getByRole("radio", { name: /11:00/ });
    await eleven.check({ force: true });

    const rival = await caller();
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

  it("keeps what was told while somebody was away or a page was loading, and counts what is unread alike on all devices", async () => {
    const { id, variantId, farm } = await productOf("heirloom-tomatoes-hollow-oak");
    const email = "maya@demo.example";
    const maya = await caller(email);
    await maya.mutate("wishes.add", { productId: id });
    const [mobile, desktop] = [await openAs(email), await openAs(email, { viewport: desk })];
    const letScriptsIn = await holdScripts(mobile.context);
    await mobile.page.goto("/news", { waitUntil: "commit" });
    await mobile.page.getByRole("heading", { name: "News", level: 1 }).waitFor();
    const farmer = await caller("tomas@demo.example");
    const change = { farmId: farm.id, variantId, unitPriceCents: 300 };
    expect((await farmer.mutate("farmCatalog.setPrice", change)).status).toBe(200);
    const told = async () => JSON.stringify((await maya.query("news.list", {})).data);
    await expect.poll(told).toContain('"newPriceCents":300');

    // The page was made before it was told, and follows the live lane only from here on.
    letScriptsIn();
    await mobile.page.getByText("Heirloom tomatoes is now 3.00", { exact: false }).first().waitFor();
    await desktop.page.goto("/farms");
    await waitUntilLive(desktop.page);
    const counted = (words: RegExp) =>
      desktop.page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: words }).waitFor();
    await counted(/^News [1-9]\d* unread$/);
    await mobile.page.getByRole("button", { name: "Mark all as read" }).click();
    await counted(/^News$/);
    await mobile.page.getByRole("button", { name: "Undo" }).click();
    await counted(/^News [1-9]\d* unread$/);
    await mobile.page.getByRole("link", { name: /^Look: Heirloom tomatoes is now/ }).click();
    await mobile.page.waitForURL("/products/heirloom-tomatoes-hollow-oak");
    await counted(/^News$/);
    for (const { complaints, context } of [mobile, desktop]) {
      expect(complaints).toEqual([]);
      await context.close();
    }
  }, 60_000);

  it("has one connection for five tabs, and passes it on when the first is closed", async () => {
    const { page, context } = await open({ viewport: desk });
    const socketsOf = new Map<Page, Set<unknown>>();
    const openSockets = (): number => [...socketsOf.values()].reduce((sum, { size }) => sum + size, 0);
    const watch = (tab: Page): Page => {
      const sockets = new Set();
      socketsOf.set(tab, sockets);
      tab.on("websocket", (socket) => {
        sockets.add(socket);
        socket.on("close", () => sockets.delete(socket));
      });
      tab.on("close", () => socketsOf.delete(tab));
      return tab;
    };
    watch(page);
    await page.goto("/");
    await waitUntilLive(page);
    const tabs: Page[] = [];
    for (const path of ["/search", "/farms", "/cart", "/wishlist"]) {
      const tab = watch(await context.newPage());
      await tab.goto(path);
      await waitUntilLive(tab);
      tabs.push(tab);
    }
    await expect.poll(openSockets).toBe(1);
    await page.close();
    await expect.poll(openSockets).toBe(1);
    for (const tab of tabs) await waitUntilLive(tab);

    // What happens in one tab is seen in the others.
    await tabs[0]!.goto("/products/basil-fern-bank");
    await tabs[0]!.getByRole("button", { name: /add to basket/i }).click();
    for (const tab of tabs) await expect.poll(() => basketCount(tab)).toBe(1);
    await context.close();
  }, 90_000);
});

if (!chromiumPath) it.skip("a shop that is alive, in a browser: Chromium is not installed");
