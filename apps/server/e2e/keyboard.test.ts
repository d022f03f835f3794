import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { chromiumPath, desk } from "./browser.ts";
import { useRunningShop } from "./running-shop.ts";
import { addToBasket, waitUntilLive } from "./shop.ts";

/** What has the focus, as a screen reader would name it. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const { activeElement: it } = document;
    return it === null || it === document.body
      ? "nothing"
      : (it.getAttribute("aria-label") ?? it.textContent ?? "").replaceAll(/\s+/g, " ").trim();
  });

/** Waits until the focus is there. */
const untilFocused = (page: Page, name: string): Promise<unknown> =>
  page.waitForFunction((text) => {
    const { activeElement: it } = document;
    return it !== document.body && (it?.getAttribute("aria-label") ?? it?.textContent ?? "").includes(text);
  }, name);

/** Presses Tab until the focus is on what is called so; stops where it was lost or comes round. */
async function tabTo(page: Page, name: RegExp): Promise<string> {
  for (let presses = 0; presses < 150; presses++) {
    await page.keyboard.press("Tab");
    const now = await focused(page);
    if (name.test(now)) return now;
  }
  throw new Error(`Tab never came to ${name}.`);
}

/** Whether one sees where the focus is: a ring around it, on the screen and with nothing before it. */
const isFocusSeen = (page: Page): Promise<boolean> =>
  page.evaluate(() => {
    const it = document.activeElement!;
    const { outlineStyle, outlineWidth } = getComputedStyle(it);
    const { left, top, width, height, bottom } = it.getBoundingClientRect();
    const before = document.elementFromPoint(left + width / 2, top + height / 2);
    const isInFront = before !== null && (it.contains(before) || before.contains(it));
    return outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2 && bottom > 0 && isInFront;
  });

describe.runIf(chromiumPath)("by keyboard alone", () => {
  const { open, openAs } = useRunningShop();

  it("never loses the place in the basket when a line goes, and sees it beside the question of consent", async () => {
    const { page, complaints, context } = await open({ viewport: desk });
    for (const slug of ["basil-fern-bank", "mozzarella-whey-street"]) await addToBasket(page, slug);
    await page.goto("/cart");
    await waitUntilLive(page);
    await page.getByText("May we remember what you look at?").waitFor();
    await tabTo(page, /^Remove Basil/);
    expect(await isFocusSeen(page)).toBe(true);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Remove Basil" }).waitFor({ state: "detached" });
    expect(await focused(page)).toBe("Whey Street");
    await tabTo(page, /^Remove Mozzarella/);
    expect(await isFocusSeen(page)).toBe(true);
    await page.keyboard.press("Enter");
    await untilFocused(page, "Your basket is empty");
    expect(complaints).toEqual([]);
    await context.close();
  }, 90_000);

  it("begins each page and a cancelled order at the heading, and leaves whoever points alone", async () => {
    const { page, complaints, context } = await open({ viewport: desk });
    await addToBasket(page, "basil-fern-bank");
    await page.goto("/checkout");
    await page.getByRole("button", { name: /place order/i }).click();
    await page.waitForURL(/\/orders\/A-\d+/);
    await waitUntilLive(page);
    await page.locator("summary", { hasText: "Cancel this order" }).focus();
    await page.keyboard.press("Enter");
    await tabTo(page, /^Yes, cancel order/);
    await page.keyboard.press("Enter");
    await page.getByText("Cancelled", { exact: true }).first().waitFor();
    await page.waitForFunction(() => document.activeElement?.tagName === "H1");
    await page.goto("/farms");
    await waitUntilLive(page);
    await tabTo(page, /^Hollow Oak/);
    await page.keyboard.press("Enter");
    await page.waitForURL("/farms/hollow-oak");
    // The link that was followed has the same words, so the heading is waited for as such.
    await page.waitForFunction(() => document.activeElement?.tagName === "H1");
    expect(await focused(page)).toContain("Hollow Oak");
    await page.getByRole("link", { name: "Farms", exact: true }).first().click();
    await page.getByRole("heading", { name: "Farms", level: 1 }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe("H1");
    expect(complaints).toEqual([]);
    await context.close();
  }, 90_000);

  it("goes on to the next advice when one is answered, and to the field that is wrong", async () => {
    const { page, complaints, context } = await openAs("tomas@demo.example", { viewport: desk });
    // The first to come waits until the farm's advice is worked out.
    await page.goto("/portal/farms/hollow-oak/advice", { timeout: 100_000 });
    const plan = await tabTo(page, /^Plan it: /);
    expect(await isFocusSeen(page)).toBe(true);
    await page.keyboard.press("Enter");
    await page.getByText(/: done as advised\./).waitFor();
    await page.getByRole("button", { name: plan, exact: true }).waitFor({ state: "detached" });
    expect(await focused(page)).not.toBe("nothing");
    await tabTo(page, /^No: /);
    await page.keyboard.press("Enter");
    const reason = await tabTo(page, /^Too much work: /);
    await page.keyboard.press("Space");
    await page.getByText(/: turned down\./).waitFor();
    await page.getByRole("button", { name: reason, exact: true }).waitFor({ state: "detached" });
    expect(await focused(page)).not.toBe("nothing");

    await page.goto("/portal/farms/hollow-oak/calendar/settings");
    const frost = page.getByRole("textbox", { name: "Last frost of spring" });
    await frost.fill("some day in May");
    await page.keyboard.press("Enter");
    await page.getByText("A day such as 15 July.").first().waitFor();
    await page.waitForFunction(() => document.activeElement?.getAttribute("aria-invalid") === "true");
    expect(await frost.inputValue()).toBe("some day in May");
    await frost.fill("10 May");
    await page.getByRole("textbox", { name: "First frost of autumn" }).fill("October 1");
    await page.keyboard.press("Enter");
    await page.getByText("Plans and windows follow it from now on.").waitFor();
    await page.reload();
    expect(await frost.inputValue()).toBe("10 May");
    expect(complaints).toEqual([]);
    await context.close();
  }, 240_000);
});
