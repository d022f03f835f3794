import { describe, it } from "vitest";
import { chromiumPath } from "./browser.ts";
import { testsOfHeldOut } from "./held-out.ts";
import { useRunningShop } from "./running-shop.ts";
import { testsOfStoppedArms, testsOfStoppedArmsNoted } from "./stopped-arm.ts";

/** One shop for all of these, as opening one takes longer than most of them: each has to hold after those before it. */
describe.runIf(chromiumPath)("experiments, in a browser", () => {
  const shop = useRunningShop();
  testsOfStoppedArms(shop);
  testsOfHeldOut(shop);
  testsOfStoppedArmsNoted(shop);
});

if (!chromiumPath) it.skip("experiments, in a browser: Chromium is not installed");
