import type { Page, Route } from "playwright-core";

/** What the pages of the shop have in common for the tests. */

export type LiveMode = "connecting" | "live" | "sse" | "polling" | "offline";

/** The badge that says how the page learns of news. */
export async function waitForLane(page: Page, mode: LiveMode, timeout?: number): Promise<void> {
  await page
    .locator(`[data-connection="${mode}"]`)
    .first()
    .waitFor({ state: "attached", ...(timeout !== undefined && { timeout }) });
}

export const waitUntilLive = (page: Page): Promise<void> => waitForLane(page, "live");

export async function signIn(page: Page, path: string, email: string): Promise<void> {
  await page.goto(path);
  await page
    .getByLabel(/e-?mail/i)
    .first()
    .fill(email);
  await page
    .getByLabel(/password/i)
    .first()
    .fill("almanac-demo");
  await page
    .getByRole("button", { name: /sign in/i })
    .last()
    .click();
}

/** Adds some of a product on its page and waits until the server has it. */
export async function addToBasket(page: Page, slug: string, quantity = 1): Promise<void> {
  await page.goto(`/products/${slug}`);
  await waitUntilLive(page);
  if (quantity !== 1) await page.getByRole("spinbutton", { name: "How many" }).fill(String(quantity));
  const counted = page.waitForResponse((response) => response.url().includes("/cart.add") && response.ok());
  await page.getByRole("button", { name: /add to basket/i }).click();
  await counted;
}

/** A page that is loaded anew forgets this mark. */
export async function markPage(page: Page): Promise<void> {
  await page.evaluate(() => {
    document.documentElement.dataset["mark"] = "same";
  });
}

export const isSamePage = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.dataset["mark"] === "same");

/** The products of a shelf, in order. */
export const productsOn = (page: Page, shelf: string): Promise<string[]> =>
  page
    .locator(`[data-shelf="${shelf}"] a[href^="/products/"]`)
    .evaluateAll((links) => [...new Set(links.map((link) => link.getAttribute("href") ?? ""))]);

/** Units in the basket, as the header counts them. */
export async function basketCount(page: Page): Promise<number> {
  const link = page.getByRole("link", { name: /^Basket, \d+/ });
  const name = await link.evaluate((found) => found.getAttribute("aria-label") ?? found.textContent ?? "");
  return Number(/\d+/.exec(name)?.[0]);
}

type LayoutShift = PerformanceEntry & { readonly value: number; readonly hadRecentInput: boolean };
type WatchedWindow = Window & { layoutShifts: LayoutShift[]; layoutObserver: PerformanceObserver };

/** Has every page that this one opens from now on keep its layout shifts. */
export async function watchLayout(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const watched = window as unknown as WatchedWindow;
    watched.layoutShifts = [];
    watched.layoutObserver = new PerformanceObserver((list) => {
      watched.layoutShifts.push(...(list.getEntries() as LayoutShift[]));
    });
    watched.layoutObserver.observe({ type: "layout-shift", buffered: true });
  });
}

/** The sum of the layout shifts that no hand caused, until now: CLS without its windows, so never less than it. */
export const layoutShift = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const { layoutShifts, layoutObserver } = window as unknown as WatchedWindow;
    const all = [...layoutShifts, ...(layoutObserver.takeRecords() as LayoutShift[])];
    return all.reduce((sum, { value, hadRecentInput }) => sum + (hadRecentInput ? 0 : value), 0);
  });

/** A request that is held back until it is let go. */
export async function holdBack(
  page: Page,
  pattern: RegExp,
  then: (route: Route) => Promise<void>,
): Promise<() => void> {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(pattern, async (route) => {
    await held;
    await then(route);
  });
  return release;
}
