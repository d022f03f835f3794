import { AsyncLocalStorage } from "node:async_hooks";
import { spawn, type ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import { testRedisUrl } from "@almanac/db/testing";
import { silentLogger } from "@almanac/trpc";
import { afterEach, describe, expect, it } from "vitest";
import { createInProcessBus } from "./bus-in-process.ts";
import { createRedisBus } from "./bus-redis.ts";
import type { Bus } from "./bus.ts";

const redisUrl = testRedisUrl();
const kinds: [string, (() => Bus[]) | undefined][] = [
  [
    "in process",
    () => {
      const bus = createInProcessBus();
      return [bus, bus];
    },
  ],
  [
    "Redis",
    redisUrl
      ? () => {
          const prefix = `test:${crypto.randomUUID()}:`;
          return [1, 2].map(() => createRedisBus({ url: redisUrl, log: silentLogger, prefix }));
        }
      : undefined,
  ],
];

describe.each(kinds)("the bus (%s)", (_, open) => {
  if (!open) {
    it.skip("Redis: not configured");
    return;
  }
  let buses: Bus[] = [];
  afterEach(async () => {
    for (const bus of buses) await bus.close();
  });

  async function openPair(): Promise<{ here: Bus; there: Bus }> {
    buses = open!();
    const [here, there] = buses;
    await expect.poll(() => buses.map((bus) => bus.health().status)).toEqual(["ok", "ok"]);
    return { here: here!, there: there! };
  }

  /** Listens, and waits until it is certain that messages arrive. */
  async function listen(
    on: Bus,
    from: Bus,
    channel: string,
  ): Promise<{ received: unknown[]; end: () => void }> {
    const received: unknown[] = [];
    const end = on.subscribe(channel, (message) => void received.push(message));
    await expect
      .poll(async () => {
        await from.publish(channel, "are you there");
        return received;
      })
      .toContain("are you there");
    await from.publish(channel, "start");
    await expect.poll(() => received).toContain("start");
    received.length = 0;
    return { received, end };
  }

  it("brings a message to the listeners of its channel, as JSON does", async () => {
    const { here, there } = await openPair();
    const { received } = await listen(there, here, "a");
    await here.publish("b", "other channel");
    await here.publish("a", { at: new Date(0), n: 1 });
    await expect.poll(() => received).toEqual([{ at: "1970-01-01T00:00:00.000Z", n: 1 }]);
  });

  it("keeps going when a listener throws, and stops for a listener that left", async () => {
    const { here, there } = await openPair();
    there.subscribe("a", () => {
      throw new Error("bad listener");
    });
    const first = await listen(there, here, "a");
    const second = await listen(there, here, "a");
    first.received.length = 0;
    first.end();
    await here.publish("a", 1);
    await expect.poll(() => second.received).toEqual([1]);
    expect(first.received).toEqual([]);
    second.end();
    await here.publish("a", 2);
  });
});

describe("the in-process bus", () => {
  it("keeps its listeners out of what the publisher is doing, such as a transaction", async () => {
    const bus = createInProcessBus();
    const context = new AsyncLocalStorage<string>();
    const seen = Promise.withResolvers<string | undefined>();
    bus.subscribe("a", () => seen.resolve(context.getStore()));
    await context.run("transaction", () => bus.publish("a", 1));
    expect(await seen.promise).toBeUndefined();
  });
});

describe("the bus while Redis restarts", () => {
  if (!redisUrl) {
    it.skip("Redis: not configured");
    return;
  }
  let server: ChildProcess | undefined;
  afterEach(() => void server?.kill("SIGKILL"));

  it("is degraded, loses wake-ups without failing, and comes back with its subscriptions", async () => {
    const port = await freePort();
    server = await startRedis(port);
    const bus = createRedisBus({ url: `redis://127.0.0.1:${port}`, log: silentLogger });
    const received: unknown[] = [];
    bus.subscribe("a", (message) => void received.push(message));
    await heardBy(bus, received, "before");

    const ended = new Promise((resolve) => server?.once("exit", resolve));
    server.kill("SIGKILL");
    await ended;
    await expect.poll(() => bus.health().status).toBe("degraded");
    await bus.publish("a", "lost");

    server = await startRedis(port);
    await expect.poll(() => bus.health().status).toBe("ok");
    await heardBy(bus, received, "after");
    expect(received).not.toContain("lost");
    await bus.close();
  });
});

async function heardBy(bus: Bus, received: unknown[], text: string): Promise<void> {
  await expect
    .poll(async () => {
      await bus.publish("a", text);
      return received;
    })
    .toContain(text);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  return address.port;
}

async function startRedis(port: number): Promise<ChildProcess> {
  const child = spawn("redis-server", [
    "--port",
    String(port),
    "--bind",
    "127.0.0.1",
    "--save",
    "",
    "--appendonly",
    "no",
  ]);
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.stdout.on("data", (chunk: Buffer) => {
      if (chunk.toString().includes("Ready to accept connections")) resolve();
    });
  });
  return child;
}
