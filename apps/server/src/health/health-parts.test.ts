import { openTestDatabase } from "@almanac/db/testing";
import { outbox } from "@almanac/db/schema";
import { createInProcessBus } from "@almanac/events";
import { minutes, systemClock } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { createHealthReporter, type PartHealth } from "./health.ts";
import {
  diskHealth,
  diskVerdict,
  liveHealth,
  migrationsHealth,
  queueHealth,
  shopWindowHealth,
} from "./health-parts.ts";
import { openStartingServer } from "../http/starting.ts";
import { freePort } from "../testing/server-process.ts";

describe("the parts of the health page", () => {
  it("say that the queue is slow once a fact has waited for a minute, not because it is long", async () => {
    const { handle, db } = await openTestDatabase();
    const fact = { topic: "farm.changed", payload: {} };
    await db.insert(outbox).values([fact, fact, fact]);
    expect(await queueHealth(handle)).toMatchObject({ status: "HEALTHY", open: 3 });
    await db.insert(outbox).values({ ...fact, createdAt: new Date(Date.now() - minutes(2)) });
    expect(await queueHealth(handle)).toMatchObject({ status: "DEGRADED", open: 4 });
    await db.update(outbox).set({ doneAt: new Date() });
    expect(await queueHealth(handle)).toMatchObject({ status: "HEALTHY", open: 0 });
  });

  it("call a schema that is not this build's unhealthy", async () => {
    const { handle } = await openTestDatabase();
    expect(await migrationsHealth(handle)).toEqual({ status: "HEALTHY" });
    await handle.client.query("delete from almanac_migrations where name = '0001_initial'");
    expect(await migrationsHealth(handle)).toMatchObject({
      status: "UNHEALTHY",
      detail: "not applied: 0001_initial",
    });
  });

  it.each([
    [9, "HEALTHY"],
    [10, "DEGRADED"],
  ])("say whether there is room for another socket beside %d of 10", (sockets, status) => {
    const figures = () => ({ active: { websocket: 4, trpc: sockets - 4, sse: 0 }, topics: {} });
    expect(liveHealth({ figures }, 10).status).toBe(status);
  });

  it.each([
    [undefined, "UNHEALTHY"],
    [2_000, "HEALTHY"],
    [minutes(2), "DEGRADED"],
  ])("judge the shop window by its last look %s ms ago", (sinceLook, status) => {
    const shopWindow = { size: 3, version: 1, sinceLookMs: () => sinceLook };
    expect(shopWindowHealth(shopWindow).status).toBe(status);
  });

  it("read the disk, and judge it by what is free", async () => {
    expect(await diskHealth(process.cwd())).toMatchObject({ freeBytes: expect.any(Number) as number });
    expect(diskVerdict(2e9)).toEqual({ status: "HEALTHY" });
    expect(diskVerdict(5e8)).toEqual({ status: "DEGRADED", detail: "500 MB are free" });
    expect(diskVerdict(5e7).status).toBe("UNHEALTHY");
  });

  it("are as bad as the worst of them, and one that fails keeps no other from answering", async () => {
    const { handle } = await openTestDatabase();
    const bus = createInProcessBus();
    const reportOf = async (parts: Record<string, () => PartHealth>) =>
      createHealthReporter({ handle, bus, clock: systemClock, role: "all", version: "1", parts }).report();
    expect((await reportOf({ a: () => ({ status: "HEALTHY" }) })).status).toBe("HEALTHY");
    const failing = (): PartHealth => {
      throw new TypeError("broken");
    };
    const report = await reportOf({ a: () => ({ status: "DEGRADED" }), b: failing });
    expect(report.status).toBe("UNHEALTHY");
    expect(report.parts).toMatchObject({
      a: { status: "DEGRADED" },
      b: { status: "UNHEALTHY", detail: "TypeError" },
      database: { status: "HEALTHY" },
    });
  });
});

describe("a process that is starting", () => {
  it("is alive and not ready, and says what it does, until it makes way", async () => {
    const port = await freePort();
    const starting = await openStartingServer({ port, host: "127.0.0.1" });
    starting.say("migrating");
    const url = `http://127.0.0.1:${port}`;
    const live = await fetch(`${url}/livez`);
    // By this a page that waits tells it from the real server.
    expect([live.status, live.headers.has("retry-after")]).toEqual([200, true]);
    const ready = await fetch(`${url}/readyz`);
    expect([ready.status, await ready.text()]).toEqual([503, "not ready: migrating\n"]);
    const page = await fetch(`${url}/search?q=kale`);
    expect(page.status).toBe(503);
    expect(await page.json()).toMatchObject({ error: { code: "starting_up" } });
    const browser = await fetch(`${url}/`, { headers: { accept: "text/html,*/*;q=0.8" } });
    expect(browser.status).toBe(503);
    expect(await browser.text()).toContain('http-equiv="refresh"');
    await starting.close();
    await expect(fetch(`${url}/livez`)).rejects.toThrow();
  });
});
