/** `pnpm pictures`: the screenshots of the README, from the demo world on a day in August. Needs Chromium. */
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { startServerProcess, temporaryFolder } from "../src/testing/server-process.ts";
import { chromiumPath, desk, openBrowser, phone, visit } from "./browser.ts";

if (!chromiumPath) {
  console.error("Set TEST_CHROMIUM to the path of Chromium.");
  process.exit(2);
}
const folder = fileURLToPath(new URL("../../../docs/pictures/", import.meta.url));
await mkdir(folder, { recursive: true });
await using data = await temporaryFolder();
const server = await startServerProcess(data.path, {
  ALMANAC_DEMO: "demo",
  ALMANAC_CLOCK: "2025-08-13T09:00:00-04:00",
});
const browser = await openBrowser();
try {
  for (const [name, path, viewport] of [
    ["storefront", "/", { ...desk, height: 1100 }],
    ["storefront-phone", "/products/heirloom-tomatoes-hollow-oak", phone],
  ] as const) {
    const { page, context } = await visit(browser, server.url, { viewport });
    await page.goto(path);
    await page.getByRole("button", { name: "Yes, remember" }).click();
    await page.waitForTimeout(1_500);
    await page.screenshot({ path: `${folder}${name}.png` });
    await context.close();
    console.log(`docs/pictures/${name}.png`);
  }
} finally {
  await browser.close();
  await server.end("SIGTERM");
}
