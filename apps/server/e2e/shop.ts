import type { Page } from "playwright-core";

/** What the pages of the shop have in common for the tests. */

/** The connection badge's words. */
export const badge = (page: Page) =>
  page
    .locator('[data-state], .connection-badge, [role="status"]')
    .filter({ hasText: /live|updating|connecting/ });

export async function waitUntilLive(page: Page): Promise<void> {
  await badge(page).filter({ hasText: "live" }).first().waitFor();
}

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
