import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { accessibilityFindings, desk } from "./browser.ts";
import type { RunningShop } from "./running-shop.ts";

/** What a farmer does beside following advice: prices, the season's first harvest, a day at the stall. */

const home = "/portal/farms/hollow-oak";
const email = "tomas@demo.example";
const tomatoes = "heirloom-tomatoes-hollow-oak";
const sweetcorn = "sweetcorn-hollow-oak";

interface Offer {
  readonly productId: string;
  readonly variantId: string;
  readonly name: string;
  readonly unitPriceCents: number;
  readonly suggestion: {
    readonly kind: string;
    readonly priceCents: number;
    readonly floorCents: number | null;
  };
  readonly isDismissed: boolean;
  readonly band: { readonly farms: number; readonly lowerCents: number; readonly upperCents: number } | null;
}

const isOpen = ({ suggestion: { kind }, isDismissed }: Offer): boolean =>
  ["floor", "raise", "lower"].includes(kind) && !isDismissed;

export function testsOfPrices({ open, openAs, caller, productOf }: RunningShop): void {
  async function offersOf(): Promise<readonly Offer[]> {
    const { farm } = await productOf(tomatoes);
    const { data } = await (await caller(email)).query("pricing.suggestions", { farmId: farm.id });
    return (data as unknown as { offers: readonly Offer[] }).offers;
  }

  it("suggests no price below the floor, shows neighbours as a band of five farms or more, and changes nothing by itself", async () => {
    const before = await offersOf();
    const suggested = before.filter(isOpen);
    expect(suggested.length).toBeGreaterThan(1);
    for (const { suggestion } of suggested)
      expect(suggestion.priceCents).toBeGreaterThanOrEqual(suggestion.floorCents!);
    const bands = before.flatMap(({ band }) => band ?? []);
    expect(bands.length).toBeGreaterThan(0);
    expect(bands.length).toBeLessThan(before.length);
    for (const { farms } of bands) expect(farms).toBeGreaterThanOrEqual(5);

    const { page, complaints, context } = await openAs(email);
    await page.goto(`${home}/prices`);
    const ask = page.getByRole("button", { name: /^Ask \d/ }).first();
    await ask.waitFor();
    expect(await accessibilityFindings(page)).toEqual([]);
    expect(await offersOf()).toEqual(before);
    const name = (await ask.getAttribute("aria-label"))!.split(" for ")[1]!;
    const one = suggested.find((offer) => offer.name === name)!;
    await ask.click();
    await page.getByText(new RegExp(`^${name} costs \\d`)).waitFor();
    const after = (await offersOf()).find(({ variantId }) => variantId === one.variantId)!;
    expect(after.unitPriceCents).toBe(one.suggestion.priceCents);
    await page.goto(`${home}/prices/${one.productId}`);
    const words = [one.unitPriceCents, one.suggestion.priceCents].map((cents) => (cents / 100).toFixed(2));
    await page
      .getByRole("listitem")
      .filter({ hasText: words.join(" → ") })
      .waitFor();

    const tomato = before.find(({ band, productId }) => band !== null && productId !== one.productId)!;
    await page.goto(`${home}/prices/${tomato.productId}`);
    await page
      .getByText(new RegExp(`${tomato.band!.farms} (other )?farms`))
      .first()
      .waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  }, 120_000);

  it("plans a price for a market day, asks it in the shop, and takes it back", async () => {
    const { id: productId } = await productOf(tomatoes);
    const { page, complaints, context } = await openAs(email);
    await page.goto(`${home}/prices/${productId}`);
    await page
      .getByRole("heading", { name: /^What if it cost something else on Saturday 16 August/ })
      .waitFor();
    await page.getByText("As a table").first().click();
    await page.getByRole("rowheader", { name: /^4\.90 now$/ }).waitFor();
    expect(await accessibilityFindings(page)).toEqual([]);

    await page.getByLabel("New price").fill("2 for 2");
    await page.getByRole("button", { name: "Plan it" }).click();
    await page
      .getByText(/1\.00 is below your floor of 2\.40/)
      .first()
      .waitFor();
    await page.getByLabel("New price").fill("2 for 8.40");
    await page.getByLabel("Reason").fill("a good year");
    // The order window is open, so that it takes effect at once.
    await page.getByRole("button", { name: "Plan it" }).click();
    await page.getByText(/asked now, 4\.90 again after/).waitFor();
    const shopper = await open();
    await shopper.page.goto(`/products/${tomatoes}`);
    await shopper.page.getByText(/4\.20/).first().waitFor();
    await shopper.page.getByText("2 for 8.40 · a good year · until Saturday 16 August").waitFor();
    expect(await accessibilityFindings(shopper.page)).toEqual([]);
    await page.getByRole("button", { name: /^Cancel 4\.20/ }).click();
    await page.getByText(/^Cancelled\. 4\.90 is asked now/).waitFor();
    const now = (await offersOf()).find((offer) => offer.productId === productId);
    expect(now?.unitPriceCents).toBe(490);
    expect([...complaints, ...shopper.complaints]).toEqual([]);
    await shopper.context.close();
    await context.close();
  }, 120_000);

  it("puts the season's first harvest on sale, and begins the season with it in the calendar that others read", async () => {
    const { id: productId, farm } = await productOf(sweetcorn);
    const tomas = await caller(email);
    const made = await tomas.mutate("growing.feeds.create", { farmId: farm.id, label: "Kitchen" });
    const { token } = made.data as unknown as { token: string };
    const feed = async () => (await tomas.fetch(`/api/calendar/${token}.ics`)).text();
    const unfolded = (text: string) => text.replaceAll("\r\n ", "");
    // It was late this year: its season is still to come.
    await tomas.mutate("growing.moveFirstHarvest", { farmId: farm.id, productId, byDays: 30 });
    const before = unfolded(await feed());
    expect(before).toContain("Sweetcorn");
    await tomas.mutate("farmStock.record", {
      farmId: farm.id,
      productId,
      reason: "recount",
      countedBase: 0,
      idempotencyKey: "before-the-first-ear",
    });

    const { page, complaints, context } = await openAs(email);
    const shop = await open();
    await shop.page.goto(`/products/${sweetcorn}`);
    await shop.page
      .getByText(/sold out/i)
      .first()
      .waitFor();
    await page.goto(`${home}/stock/${productId}`);
    await page.getByLabel("How much").fill("120");
    await page.getByRole("button", { name: "Record it" }).click();
    await page.getByRole("cell", { name: "+120 pieces" }).first().waitFor();
    await shop.page.goto(`/products/${sweetcorn}`);
    await shop.page.getByRole("button", { name: /add to basket/i }).waitFor();
    expect(unfolded(await feed())).not.toBe(before);
    expect([...complaints, ...shop.complaints]).toEqual([]);
    await context.close();
    await shop.context.close();
  }, 120_000);
}

/** Moves the clock to the market day, so these come last. */
export function testsOfStall({ openAs, caller, productOf }: RunningShop): void {
  const likely = (page: Page) => page.locator('[data-product="Heirloom tomatoes"] [data-figure="likely"]');
  const kilograms = async (page: Page): Promise<number> => Number.parseFloat(await likely(page).innerText());

  /** @param nth of the day */
  async function sell(page: Page, kg: string, tender: "Cash" | "Card", nth: number): Promise<void> {
    await page.getByRole("radio", { name: /^Heirloom tomatoes/ }).check({ force: true });
    await page.getByLabel("How much Heirloom tomatoes").fill(kg);
    await page.getByRole("button", { name: tender }).click();
    await page.getByText(nth === 1 ? "1 sale" : `${nth} sales`, { exact: true }).waitFor();
  }

  it("sells through the day with one thumb, while what the day comes to moves on another page", async () => {
    const ines = await caller("ines@demo.example");
    // From Wednesday 9:00 to Saturday 10:00.
    await ines.mutate("admin.clock.advance", { duration: "PT73H" });
    const { id: productId, farm } = await productOf(tomatoes);
    const tomas = await caller(email);
    // What was brought: some for the walk-ins, so that it may run out.
    await tomas.mutate("farmStock.record", {
      farmId: farm.id,
      productId,
      reason: "recount",
      countedBase: 20_000,
      idempotencyKey: "brought-on-saturday",
    });
    const day = await openAs(email, { viewport: desk });
    await day.page.goto(`${home}/market-day`);
    await likely(day.page).waitFor();
    expect(await accessibilityFindings(day.page)).toEqual([]);
    const before = await kilograms(day.page);

    const till = await openAs(email);
    await till.page.goto(`${home}/stall`);
    await till.page.getByRole("heading", { name: "Stall" }).waitFor();
    expect(await accessibilityFindings(till.page)).toEqual([]);
    for (let nth = 1; nth <= 5; nth++) await sell(till.page, "2.5", nth % 2 ? "Cash" : "Card", nth);
    await till.page.getByText(/^Sold: 2.5 kg Heirloom tomatoes, 12.25 in cash\./).waitFor();

    // What the next buyer takes is typed while the page is still read again, and stays.
    let goOn = (): void => {};
    const held = new Promise<void>((resolve) => (goOn = resolve));
    await till.page.route("**/stall.data*", async (route) => {
      if (route.request().method() === "GET") await held;
      await route.continue();
    });
    const amount = till.page.getByLabel("How much Heirloom tomatoes");
    const tomato = till.page.getByRole("radio", { name: /^Heirloom tomatoes/ });
    await tomato.check({ force: true });
    await amount.fill("0.5");
    await till.page.getByRole("button", { name: "Cash" }).click();
    await till.page.getByText(/^Sold: 500 g Heirloom tomatoes/).waitFor();
    await tomato.check({ force: true });
    await amount.fill("0.25");
    goOn();
    await till.page.getByText("6 sales", { exact: true }).waitFor();
    expect(await amount.inputValue()).toBe("0.25");
    await till.page.getByRole("button", { name: "Cash" }).click();
    await till.page.getByText("7 sales", { exact: true }).waitFor();

    await expect.poll(() => kilograms(day.page), { timeout: 60_000 }).toBeGreaterThan(before);
    await day.page
      .locator('[data-product="Heirloom tomatoes"]')
      .getByText(/^May sell out at 1[0-3]:[0-5]0/)
      .waitFor({ timeout: 60_000 });

    await till.page
      .getByRole("button", { name: /^Undo 2.5 kg Heirloom tomatoes/ })
      .first()
      .click();
    await till.page.getByText("Taken back: stock and money are as before.").waitFor();
    expect([...day.complaints, ...till.complaints]).toEqual([]);
    await day.context.close();
    await till.context.close();
  }, 240_000);
}
