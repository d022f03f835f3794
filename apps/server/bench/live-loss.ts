/**
 * Whether the live lane loses, repeats or turns round anything while connections are cut, Redis is killed and servers are
 * killed. Two servers over one PostgreSQL and one Redis of its own; readers use tRPC's own `wsLink`. Loopback only; ends by
 * itself, with 1 when something was lost. Needs `redis-server` and BENCH_DATABASE_URL, an empty database. Run:
 * node apps/server/bench/live-loss.ts [first port] [seconds]
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { migrate, openDatabase } from "@almanac/db";
import { createRedisBus } from "@almanac/events";
import { seededRng } from "@almanac/kernel";
import { publishLive } from "@almanac/realtime";
import { silentLogger } from "@almanac/trpc";
import { Reader } from "./live/reader.ts";
import { startServer, stopServer, type Server } from "./live/processes.ts";

const firstPort = Number(process.argv[2] ?? 3_210);
const seconds = Number(process.argv[3] ?? 120);
const databaseUrl = process.env["BENCH_DATABASE_URL"];
if (!databaseUrl) throw new Error("BENCH_DATABASE_URL names no database");
const wanted = { cuts: 1_000, redisKills: 20, restarts: 5 };
const readerCount = 40;
const messagesPerSecond = 50;
const rng = seededRng("loss");

const [redisPort, ...serverPorts] = [firstPort, firstPort + 1, firstPort + 2] as const;
const redisUrl = `redis://127.0.0.1:${redisPort}`;
const folder = await mkdtemp(join(tmpdir(), "almanac-loss-"));

function startRedis(): ChildProcess {
  const options = ["--port", String(redisPort), "--bind", "127.0.0.1", "--save", "", "--dir", folder];
  return spawn("redis-server", options, { stdio: "ignore" });
}

const serve = (port: number): Promise<Server> => startServer({ kind: "lane", databaseUrl, redisUrl, port });

let redis = startRedis();
process.on("exit", () => redis.kill());
const handle = await openDatabase({ url: databaseUrl });
await migrate(handle);
const bus = createRedisBus({ url: redisUrl, log: silentLogger });
const servers: Server[] = [];
for (const port of serverPorts) servers.push(await serve(port));
const readers = Array.from({ length: readerCount }, (_, n) => new Reader(serverPorts[n % 2] ?? 0));
await Promise.all(readers.map((reader) => reader.ready));

let published = 0;
let isOver = false;
const done = { cuts: 0, redisKills: 0, restarts: 0 };

async function publishAll(): Promise<void> {
  const startedAt = performance.now();
  while (!isOver) {
    const due = ((performance.now() - startedAt) / 1_000) * messagesPerSecond;
    if (published >= due) {
      await pause(5);
      continue;
    }
    published += 1;
    await publishLive(handle.db, bus, {
      topic: "trending",
      type: "AI_INSIGHT",
      payload: { title: "news", text: String(published) },
    });
  }
}

/** Does something so many times, spread over the time that there is. */
async function spread(kind: keyof typeof wanted, act: () => Promise<void> | void): Promise<void> {
  const everyMs = (seconds * 1_000) / wanted[kind];
  const startedAt = performance.now();
  while (done[kind] < wanted[kind]) {
    await pause(Math.max(0, startedAt + (done[kind] + rng.next()) * everyMs - performance.now()));
    await act();
    done[kind] += 1;
  }
}

const publishing = publishAll();
await Promise.all([
  spread("cuts", async () => {
    // One that is connected, so that it is a cut.
    while (!readers[rng.int(readerCount)]?.cut()) await pause(5);
  }),
  spread("redisKills", async () => {
    const ended = once(redis, "exit");
    redis.kill("SIGKILL");
    await ended;
    await pause(200 + rng.next() * 1_500);
    redis = startRedis();
  }),
  spread("restarts", async () => {
    const at = done.restarts % servers.length;
    const server = servers[at];
    if (!server) return;
    await stopServer(server, "SIGKILL");
    await pause(300);
    servers[at] = await serve(server.port);
  }),
]);
isOver = true;
await publishing;
const endsAt = performance.now() + 30_000;
while (readers.some(({ last }) => last < published) && performance.now() < endsAt) await pause(50);

let lost = 0;
let repeated = 0;
let turned = 0;
for (const { received } of readers) {
  const distinct = new Set(received);
  lost += published - distinct.size;
  repeated += received.length - distinct.size;
  turned += received.filter((n, index) => index > 0 && n < (received[index - 1] ?? 0)).length;
}
console.log(`| ${readerCount} readers over wsLink, two servers, ${seconds} s | |\n| --- | --- |`);
console.log(`| cuts, Redis kills, server kills | ${done.cuts}, ${done.redisKills}, ${done.restarts} |`);
console.log(`| messages, deliveries | ${published}, ${published * readerCount} |`);
console.log(`| lost, twice, out of order | ${lost}, ${repeated}, ${turned} |`);
for (const reader of readers) reader.stop();
for (const server of servers) await stopServer(server);
await bus.close();
await handle.close();
const ended = once(redis, "exit");
redis.kill();
await ended;
await rm(folder, { recursive: true, force: true });
process.exit(lost + repeated + turned > 0 ? 1 : 0);
