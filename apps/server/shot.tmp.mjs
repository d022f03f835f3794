import { chromium } from "playwright-core";
const [, , url, out, w = "1280", h = "900", scheme = "light", full] = process.argv;
const b = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
const c = await b.newContext({ viewport: { width: +w, height: +h }, colorScheme: scheme });
const p = await c.newPage();
p.on("console", (m) => {
  if (m.type() === "error" || m.type() === "warning") console.log("console", m.type(), m.text());
});
p.on("response", (r) => {
  if (r.status() >= 400) console.log(r.status(), r.url());
});
p.on("pageerror", (e) => console.log("pageerror", e.message));
await p.goto(url, { waitUntil: "load" });
await p.waitForTimeout(2500);
await p.screenshot({ path: out, fullPage: !!full });
await b.close();
