import { describe, expect, it } from "vitest";
import { chromiumPath, desk } from "./browser.ts";
import { useRunningShop } from "./running-shop.ts";
import { addToBasket, basketCount, holdBack, isSamePage, markPage, signIn, waitUntilLive } from "./shop.ts";

describe.runIf(chromiumPath)("baskets and orders, in a browser", () => {
  const { open, openAs } = useRunningShop();

  it("adds the basket of a visitor to the account's, on both devices", async () => {
    const laptop = await openAs("maya@demo.example", { viewport: desk });
    await addToBasket(laptop.page, "mozzarella-whey-street");
    await laptop.page.goto("/");
    await waitUntilLive(laptop.page);
    await markPage(laptop.page);

    const mobile = await open();
    await addToBasket(mobile.page, "heirloom-tomatoes-hollow-oak");
    await addToBasket(mobile.page, "basil-fern-bank");
    expect(await basketCount(mobile.page)).toBe(2);
    await signIn(mobile.page, "/sign-in", "maya@demo.example");
    await mobile.page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
    await expect.poll(() => basketCount(mobile.page)).toBe(3);
    await expect.poll(() => basketCount(laptop.page), { timeout: 2_000 }).toBe(3);
    expect(await isSamePage(laptop.page)).toBe(true);
    expect([...laptop.complaints, ...mobile.complaints]).toEqual([]);
    await laptop.context.close();
    await mobile.context.close();
  }, 90_000);

  it("changes the basket at once, and takes back what the server refuses, all of it", async () => {
    const { page, complaints, context } = await open();
    await addToBasket(page, "basil-fern-bank");
    await page.goto("/cart");
    await waitUntilLive(page);
    const release = await holdBack(page, /cart\.setQuantity/, (route) =>
      route.fulfill({ status: 409, contentType: "application/json", body: refusal }),
    );
    const amount = page.getByRole("spinbutton", { name: /Quantity of Basil/ });
    const more = page.getByRole("button", { name: "More Basil" });
    for (const expected of ["2", "3"]) {
      await more.click();
      await expect.poll(() => amount.inputValue()).toBe(expected);
    }
    expect(await basketCount(page)).toBe(3);
    release();
    await page
      .getByText(/Somebody was faster/)
      .first()
      .waitFor();
    await expect.poll(() => amount.inputValue()).toBe("1");
    await expect.poll(() => basketCount(page)).toBe(1);
    expect(complaints.filter((words) => !words.includes("409"))).toEqual([]);

    await page.unroute(/cart\.setQuantity/);
    await more.click();
    await expect.poll(() => amount.inputValue()).toBe("2");
    await page.reload();
    expect(await amount.inputValue()).toBe("2");
    await context.close();
  }, 60_000);

  it("moves an order to another time until the cut-off", async () => {
    const { page, complaints, context } = await open();
    await addToBasket(page, "basil-fern-bank");
    await page.goto("/checkout");
    await page.locator("label", { hasText: "09:00" }).click();
    await page.getByRole("button", { name: /place order/i }).click();
    await page.waitForURL(/\/orders\/A-\d+/);
    await page.getByText(/between 09:00 and 10:00/).waitFor();
    await page.getByText("Come at another time").click();
    await page.locator("label", { hasText: "12:00" }).click();
    await page.getByRole("button", { name: "Change the time" }).click();
    await page.getByText(/between 12:00 and 13:00/).waitFor();
    await page.reload();
    await page.getByText(/between 12:00 and 13:00/).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  }, 60_000);
});

/** What the router answers when something is sold out. */
const refusal = JSON.stringify([
  {
    error: {
      message: "Sold out.",
      code: -32009,
      data: { code: "CONFLICT", reason: "sold_out", details: {} },
    },
  },
]);

if (!chromiumPath) it.skip("baskets and orders, in a browser: Chromium is not installed");
