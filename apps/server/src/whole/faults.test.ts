import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { openTestDatabase, testDatabaseUrl } from "@almanac/db/testing";
import { newId } from "@almanac/kernel";
import { beforeAll, describe, expect, it } from "vitest";
import {
  fillTinyShop,
  freePort,
  HttpCaller,
  startServerProcess,
  temporaryFolder,
  tinyShopFolder,
} from "../testing/server-process.ts";

interface TrackResult {
  readonly eventProcessed: boolean;
  readonly duplicate: boolean;
}

const idsOf = (count: number): string[] => Array.from({ length: count }, () => newId());

/** Sends events in batches; answers those that were acknowledged. Ends at the first call that fails. */
async function track(shopper: HttpCaller, ids: readonly string[]): Promise<Map<string, TrackResult>> {
  const acknowledged = new Map<string, TrackResult>();
  for (let at = 0; at < ids.length; at += 10) {
    const batch = ids.slice(at, at + 10);
    const events = batch.map((id) => ({ id, action: "SHARE_PRODUCT" }));
    const answer = await shopper.mutate("events.track", { events }).catch(() => undefined);
    if (answer?.status !== 200) break;
    const results = answer.data["results"] as TrackResult[];
    batch.forEach((id, index) => acknowledged.set(id, results[index]!));
  }
  return acknowledged;
}

async function figures(url: string): Promise<{ shared: number; waiting: number }> {
  const operator = new HttpCaller(url);
  await operator.signIn("ines@demo.example");
  const { data } = await operator.query("events.stats");
  const byType = data["byType"] as Record<string, number>;
  return { shared: byType["SHARE_PRODUCT"]!, waiting: data["queueSize"] as number };
}

beforeAll(fillTinyShop);

describe("a server killed with -9 in the middle of 1,000 events", () => {
  it(
    "has logged all that it acknowledged, and none twice when they are sent again",
    { timeout: 120_000 },
    async () => {
      await using folder = await tinyShopFolder();
      const limits = { RATE_LIMIT_FACTOR: "1000" };
      const first = await startServerProcess(folder.path, limits);
      const before = await figures(first.url);
      const ids = idsOf(1_000);
      const shoppers = Array.from({ length: 5 }, () => new HttpCaller(first.url));
      // Each has its visitor's cookie before it is one of several at once.
      await Promise.all(shoppers.map((shopper) => shopper.mutate("realtime.ticket")));
      const shares = shoppers.map((_, n) => ids.slice(n * 200, (n + 1) * 200));
      let killed: Promise<unknown> | undefined;
      const sent = await Promise.all(
        shoppers.map(async (shopper, n) => {
          const half = await track(shopper, shares[n]!.slice(0, 100));
          killed ??= first.end("SIGKILL");
          return new Map([...half, ...(await track(shopper, shares[n]!.slice(100)))]);
        }),
      );
      await killed;
      const acknowledged = new Map(sent.flatMap((one) => [...one]));
      expect(acknowledged.size).toBeGreaterThanOrEqual(100);
      expect(acknowledged.size).toBeLessThan(1_000);

      const second = await startServerProcess(folder.path, limits);
      const again = await Promise.all(
        shoppers.map((shopper, n) => track(shopper.at(second.url), shares[n]!)),
      );
      const resent = new Map(again.flatMap((one) => [...one]));
      expect(resent.size).toBe(1_000);
      for (const id of acknowledged.keys()) expect(resent.get(id)?.duplicate, id).toBe(true);
      await expect
        .poll(async () => (await figures(second.url)).waiting, { timeout: 60_000, interval: 250 })
        .toBe(0);
      expect((await figures(second.url)).shared - before.shared).toBe(1_000);
      await second.end("SIGTERM");
    },
  );
});

async function startRedis(port: number): Promise<ChildProcess> {
  const child = spawn(
    "redis-server",
    ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
    { stdio: ["ignore", "pipe", "ignore"] },
  );
  let printed = "";
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    printed += chunk.toString();
    if (printed.includes("Ready to accept connections")) break;
  }
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;

describe.runIf(hasRedis && testDatabaseUrl() !== undefined)(
  "a server whose Redis is killed and comes back",
  () => {
    it("says so on the health page, and loses neither event nor message", { timeout: 120_000 }, async () => {
      await using folder = await temporaryFolder();
      const database = await openTestDatabase("postgres");
      const port = await freePort();
      let redis = await startRedis(port);
      const server = await startServerProcess(folder.path, {
        DATABASE_URL: database.url!,
        REDIS_URL: `redis://127.0.0.1:${port}`,
        AUTH_SECRET: "a secret of more than thirty-two letters",
        RATE_LIMIT_FACTOR: "1000",
      });
      try {
        const bus = async (): Promise<unknown> => {
          const report = (await (await fetch(`${server.url}/health`)).json()) as {
            parts: { bus: { status: string } };
          };
          return report.parts.bus.status;
        };
        const becomes = (status: string) => expect.poll(bus, { timeout: 20_000, interval: 200 }).toBe(status);
        const maya = new HttpCaller(server.url);
        await maya.signIn("maya@demo.example");
        const tomato = await maya.query("products.get", { slug: "heirloom-tomatoes-hollow-oak" });
        const begin = await maya.query("realtime.poll", { topics: ["cart"] });
        const before = await figures(server.url);
        const versions: unknown[] = [];
        const add = async (): Promise<void> => {
          const added = await maya.mutate("cart.add", { variantId: tomato.data["variantId"], quantity: 1 });
          expect(added.status).toBe(200);
          versions.push(added.data["version"]);
        };

        await becomes("HEALTHY");
        await add();
        await kill(redis);
        await becomes("DEGRADED");
        await add();
        expect((await track(maya, idsOf(20))).size).toBe(20);
        redis = await startRedis(port);
        await becomes("HEALTHY");
        await add();
        expect((await track(maya, idsOf(20))).size).toBe(20);

        await expect
          .poll(async () => (await figures(server.url)).waiting, { timeout: 30_000, interval: 250 })
          .toBe(0);
        expect((await figures(server.url)).shared - before.shared).toBe(40);
        const heard = await maya.query("realtime.poll", { topics: ["cart"], cursor: begin.data["cursor"] });
        const told = (heard.data["messages"] as { payload: { version: number } }[]).map(
          ({ payload }) => payload.version,
        );
        expect(told).toEqual(versions);
      } finally {
        await server.end("SIGTERM");
        await kill(redis);
        await database.close();
      }
    });
  },
);
