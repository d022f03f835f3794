import { expect, it } from "vitest";
import { sharedWork } from "./shared-work.ts";

it("is done once for all who ask meanwhile, and anew for who asks after", async () => {
  const share = sharedWork<object, string, number>();
  const shop = {};
  let begun = 0;
  const work = async (): Promise<number> => {
    begun++;
    await Promise.resolve();
    return begun;
  };
  expect(await Promise.all([share(shop, "oak", work), share(shop, "oak", work)])).toEqual([1, 1]);
  expect(await share(shop, "oak", work)).toBe(2);
  await Promise.all([share(shop, "oak", work), share(shop, "fern", work), share({}, "oak", work)]);
  expect(begun).toBe(5);
});

it("tells all who wait of a failure, and tries again for the next", async () => {
  const share = sharedWork<object, string, string>();
  const shop = {};
  const fails = (): Promise<string> => Promise.reject(new Error("no weather"));
  const told = await Promise.allSettled([share(shop, "oak", fails), share(shop, "oak", fails)]);
  expect(told.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await share(shop, "oak", () => Promise.resolve("made"))).toBe("made");
});
