import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openDatabase } from "@almanac/db";
import { auditLog, liveMessages } from "@almanac/db/schema";
import { eq } from "drizzle-orm";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { HttpCaller } from "../src/testing.ts";
import { accessibilityFindings, chromiumPath, desk, phone, type Visitor } from "./browser.ts";
import { useRunningShop } from "./running-shop.ts";
import { signIn } from "./shop.ts";

const operatorEmail = "ines@demo.example";
const modelsPath = "/portal/admin/models";
/** A training waits for a worker's next look, reads two years, learns, and the page asks every two seconds. */
const trainingMs = 60_000;
/** Guardrails are looked at every fifteen seconds. */
const watchMs = 40_000;

const units = Array.from({ length: 240 }, (_, at) => `somebody-${at}`);

/** Asks the model about each unit. @returns which version answered whom */
async function askAll(program: HttpCaller, wanted = units): Promise<Map<string, number>> {
  const input = { openDaysSinceOrder: 12, typicalGapDays: 9, gapRatio: 1.3, orders90: 7, ordersTotal: 30 };
  const answers = await Promise.all(
    wanted.map(async (unit) => {
      const { status, data } = await program.mutate("ml.predict", { name: "churn", input, unit });
      expect(status).toBe(200);
      return [unit, Number(data["version"])] as const;
    }),
  );
  return new Map(answers);
}

const withVersion = (answers: Map<string, number>, version: number): string[] =>
  [...answers].filter(([, own]) => own === version).map(([unit]) => unit);

/** The command line, as a process of its own. */
async function runAlmanac(
  words: string[],
  env: Record<string, string>,
): Promise<{ code: number; out: string }> {
  const main = new URL("../../cli/src/main.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [main, ...words], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  const code = await new Promise<number>((resolve) => child.once("exit", (own) => resolve(own ?? -1)));
  return { code, out };
}

async function press(page: Page, name: string, says: RegExp): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click();
  await page.locator(".outcome").getByText(says).waitFor();
}

/** Opens a fold and presses what is in it. */
async function pressWithin(page: Page, fold: string, name: string, says: RegExp): Promise<void> {
  await page.locator("summary").filter({ hasText: fold }).first().click();
  await press(page, name, says);
}

async function openOperator(open: (options?: object) => Promise<Visitor>, viewport = desk): Promise<Visitor> {
  const visitor = await open({ viewport });
  await signIn(visitor.page, "/portal", operatorEmail);
  await visitor.page.waitForURL((url) => url.pathname.startsWith("/portal"));
  return visitor;
}

describe.runIf(chromiumPath)("models, as an operator rolls them out", () => {
  const shop = useRunningShop();
  const { open, caller, close } = shop;
  let second = "";
  let quarter: string[] = [];

  it("trains a second version while the first serves", { timeout: 180_000 }, async () => {
    const { page, complaints, context } = await openOperator(open);
    await page.goto(modelsPath);
    // Rather than wait for the first training that comes by itself, two minutes after the shop was opened.
    const program = await caller(operatorEmail);
    expect((await program.mutate("ml.train", { name: "lifetime", seed: 1 })).status).toBe(200);
    const train = page.getByRole("button", { name: "Train a version now: Who may stay away" });
    await train.click();
    await page.getByRole("link", { name: "churn 1" }).waitFor({ timeout: trainingMs });
    await train.click();
    const link = page.getByRole("link", { name: "churn 2" });
    await link.waitFor({ timeout: trainingMs });
    second = (await link.getAttribute("href"))!;
    expect(await page.getByRole("row", { name: /churn 1/ }).textContent()).toContain("champion");
    expect(await accessibilityFindings(page)).toEqual([]);
    await page.goto(second);
    await page.getByRole("heading", { name: "How well it does" }).waitFor();
    expect(await accessibilityFindings(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("shadows it, rolls it out to 5 and to 25 %, and who has it keeps it", { timeout: 90_000 }, async () => {
    const { page, context } = await openOperator(open);
    const program = await caller(operatorEmail);
    await page.goto(second);
    await press(page, "Put it into the shadow", /nobody is told/);
    expect(withVersion(await askAll(program), 2)).toEqual([]);
    await press(page, "Roll out to 5 %", /5 % have it/);
    const five = withVersion(await askAll(program), 2);
    await press(page, "Roll out to 25 %", /25 % have it/);
    quarter = withVersion(await askAll(program), 2);
    expect(five.length).toBeGreaterThan(0);
    expect(quarter).toEqual(expect.arrayContaining(five));
    expect(quarter.length / units.length).toBeGreaterThan(0.15);
    expect(quarter.length / units.length).toBeLessThan(0.35);
    await context.close();
  });

  it("rolls back by itself when it is made 500 ms slower", { timeout: 120_000 }, async () => {
    const { page, context } = await openOperator(open);
    const program = await caller(operatorEmail);
    await page.goto(second);
    await pressWithin(page, "Test switch", "500 ms slower", /500 ms later/);
    await askAll(program);
    await page.getByText("rolled back", { exact: true }).waitFor({ timeout: watchMs });
    await page.getByText(/p95 is \d+ ms, \d+ ms are allowed/).waitFor();
    expect(withVersion(await askAll(program, quarter), 1)).toEqual(quarter);
    await page.goto("/portal/admin/audit");
    await page.getByText("model.rolled_back").first().waitFor();
    await context.close();
  });

  it("refuses its file with a wrong byte, while the first version serves", { timeout: 60_000 }, async () => {
    const { page, complaints, context } = await openOperator(open);
    const program = await caller(operatorEmail);
    const { data } = await program.query("ml.models.card", { versionId: second.split("/").at(-1) });
    const { artefactHash } = data["lineage"] as { artefactHash: string };
    const path = join(shop.dataDir, "models", `${artefactHash}.model`);
    const whole = await readFile(path);
    const damaged = Buffer.from(whole);
    damaged[100]! ^= 1;
    await writeFile(path, damaged);
    await page.goto(second);
    await pressWithin(page, "Make it live at once", "Make it live", /checksum/);
    expect(withVersion(await askAll(program, units.slice(0, 40)), 1)).toHaveLength(40);
    await writeFile(path, whole);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("rolls it out to all, and goes back by one act, on a phone", { timeout: 90_000 }, async () => {
    const { page, complaints, context } = await openOperator(open, phone);
    const program = await caller(operatorEmail);
    await page.goto(second);
    await press(page, "Put it into the shadow", /nobody is told/);
    let before: string[] = [];
    for (const share of [5, 25, 50]) {
      await press(page, `Roll out to ${share} %`, new RegExp(`${share} % have it`));
      const now = withVersion(await askAll(program), 2);
      expect(now).toEqual(expect.arrayContaining(before));
      before = now;
    }
    await press(page, "Roll out to 100 %", /champion now/);
    expect(withVersion(await askAll(program), 2)).toEqual(units);
    await pressWithin(page, "Roll back", "Roll back now", /Rolled back/);
    expect(withVersion(await askAll(program), 1)).toEqual(units);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("tells a shopper the same as operators see", { timeout: 60_000 }, async () => {
    const maya = await caller("maya@demo.example");
    const { data } = await maya.query("insights.me");
    const { cents } = data["lifetimeValue"] as { cents: number };
    const { page, context } = await open();
    await signIn(page, "/sign-in", "maya@demo.example");
    await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
    await page.goto("/account");
    const told = (cents / 100).toLocaleString("en-US", { style: "currency", currency: "USD" });
    await page.getByText(told).first().waitFor();
    await context.close();
  });

  it("is listed, trained, checked and rolled back from the command line", { timeout: 120_000 }, async () => {
    const almanac = async (...words: string[]) => {
      const { code, out } = await runAlmanac(words, { ALMANAC_URL: shop.url });
      return { code, told: JSON.parse(out.trim().split("\n").at(-1)!) as Record<string, unknown> };
    };
    const { told: listed } = await almanac("models", "list");
    expect(listed["models"]).toMatchObject([{ name: "churn", versions: 2 }, { name: "lifetime" }]);
    const trained = await almanac("train", "lifetime", "--seed", "9");
    expect(trained).toMatchObject({ code: 0, told: { status: "DONE", seed: 9 } });
    expect(await almanac("models", "show", "lifetime/2")).toMatchObject({
      code: 0,
      told: { version: "lifetime/2" },
    });
    expect(await almanac("models", "rollout", "lifetime/2", "--percent", "100")).toMatchObject({ code: 0 });
    expect((await almanac("models", "rollback", "lifetime")).code).toBe(0);
    const verified = await almanac("models", "verify");
    expect(verified).toMatchObject({ code: 0, told: { isWhole: true, versions: 4, wrong: [] } });
  });

  it("has told operators once of what went back by itself, and kept the act", async () => {
    const handle = await openDatabase({ dataDir: await close() });
    try {
      const alerts = await handle.db.select().from(liveMessages).where(eq(liveMessages.type, "SYSTEM_ALERT"));
      const ofModels = alerts.filter(({ payload }) =>
        String(payload["text"]).includes("was rolled back at 25 %"),
      );
      expect(ofModels.map(({ topic }) => topic)).toEqual(["operate:monitor"]);
      const acts = await handle.db.select().from(auditLog).where(eq(auditLog.action, "model.rolled_back"));
      // By itself, then by hand on a page and at the command line.
      expect(acts.map(({ actorUserId }) => actorUserId === null)).toEqual([true, false, false]);
    } finally {
      await handle.close();
    }
  });
});
