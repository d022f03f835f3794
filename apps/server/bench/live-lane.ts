/**
 * The live lane beside bare `ws`: one message to all, messages to each their own, and readers that do not read.
 * Clients are processes of their own that speak tRPC's protocol over TCP. Loopback only; ends by itself.
 * Run: node apps/server/bench/live-lane.ts [sockets] [fan-out,own,slow]
 */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpus } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import type { ClientOptions } from "./live-clients.ts";
import type { Command } from "./live-server.ts";

const sockets = Number(process.argv[2] ?? 2_000);
const parts = (process.argv[3] ?? "fan-out,own,slow").split(",");
const maxSockets = 12_000;
if (!(sockets >= 100 && sockets <= maxSockets)) throw new Error(`between 100 and ${maxSockets} sockets`);
/** To readers that do not read: more than what a kernel holds for one of them. */
const messages = 5_000;
/** Who read beside them. */
const readerCount = 50;
const filler = "x".repeat(850);

interface Server {
  readonly child: ChildProcess;
  readonly port: number;
}
interface Usage {
  readonly cpu: { readonly user: number; readonly system: number };
  readonly rssBytes: number;
  readonly maxWaiting: number;
}
interface Seen {
  readonly ready: number;
  readonly received: number;
  readonly closed: number;
  readonly waits: readonly number[];
}

const path = (name: string): string => new URL(name, import.meta.url).pathname;

async function askFor<Answer>(child: ChildProcess, question: Command | string): Promise<Answer> {
  child.send(question);
  const [answer] = (await once(child, "message")) as [Answer];
  return answer;
}

async function startServer(kind: string): Promise<Server> {
  const child = fork(path("live-server.ts"), [kind], { execArgv: ["--expose-gc"] });
  const [{ port }] = (await once(child, "message")) as [{ port: number }];
  return { child, port };
}

async function startClients(options: ClientOptions): Promise<ChildProcess> {
  const child = fork(path("live-clients.ts"), [JSON.stringify(options)]);
  await once(child, "message");
  const until = performance.now() + 60_000;
  while ((await askFor<Seen>(child, "count")).ready < options.count) {
    if (performance.now() > until) throw new Error("the clients did not get their lane");
    await pause(100);
  }
  return child;
}

function publish({ child }: Server, shopper?: number): void {
  const text = `@${performance.timeOrigin + performance.now()}@${filler}`;
  child.send({ kind: "publish", text, ...(shopper !== undefined && { shopper }) } satisfies Command);
}

async function untilReceived(clients: ChildProcess, count: number): Promise<void> {
  const until = performance.now() + 60_000;
  while ((await askFor<Seen>(clients, "count")).received < count && performance.now() < until)
    await pause(50);
}

const quantile = (values: readonly number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))] ?? Number.NaN;
const cpuMs = ({ cpu }: Usage): number => (cpu.user + cpu.system) / 1_000;

interface FanOut {
  readonly p50: number;
  readonly p99: number;
  readonly microsADelivery: number;
  readonly kbASocket: number;
  readonly missing: number;
}

/** One message of 1 kB to all, twenty times, each after the last was received. */
async function fanOut(kind: string, count: number, times = 20): Promise<FanOut> {
  const server = await startServer(kind);
  const empty = await askFor<Usage>(server.child, { kind: "usage" });
  const clients = await startClients({
    port: server.port,
    count,
    first: 0,
    subscribes: kind !== "bare",
    deaf: 0,
  });
  for (let n = 1; n <= 3; n++) {
    publish(server);
    await untilReceived(clients, n * count);
  }
  await askFor(clients, "reset");
  const before = await askFor<Usage>(server.child, { kind: "usage" });
  for (let n = 1; n <= times; n++) {
    publish(server);
    await untilReceived(clients, n * count);
  }
  const after = await askFor<Usage>(server.child, { kind: "usage" });
  const { waits, received } = await askFor<Seen>(clients, "waits");
  clients.disconnect();
  server.child.disconnect();
  await once(server.child, "exit");
  return {
    p50: quantile(waits, 0.5),
    p99: quantile(waits, 0.99),
    microsADelivery: ((cpuMs(after) - cpuMs(before)) * 1_000) / (times * count),
    kbASocket: (before.rssBytes - empty.rssBytes) / 1_024 / count,
    missing: times * count - received,
  };
}

/** 200 messages a second in all, each to its own shopper. */
async function ownMessages(count: number, seconds = 10) {
  const server = await startServer("shared");
  const clients = await startClients({ port: server.port, count, first: 0, subscribes: true, deaf: 0 });
  await askFor(clients, "reset");
  const startedAt = performance.now();
  let sent = 0;
  while (sent < seconds * 200) {
    while (sent < ((performance.now() - startedAt) / 1_000) * 200) publish(server, (sent++ * 7_919) % count);
    await pause(4);
  }
  await untilReceived(clients, sent);
  const { waits, received, closed } = await askFor<Seen>(clients, "waits");
  clients.disconnect();
  server.child.disconnect();
  return { p50: quantile(waits, 0.5), p95: quantile(waits, 0.95), sent, received, closed };
}

/** 200 clients that stop reading, beside others that read; once with and once without the 200. */
async function slowReaders(deaf: number) {
  const server = await startServer("shared");
  const readers = await startClients({
    port: server.port,
    count: readerCount,
    first: 0,
    subscribes: true,
    deaf: 0,
  });
  const stuck = await startClients({
    port: server.port,
    count: Math.max(1, deaf),
    first: 1_000,
    subscribes: true,
    deaf,
  });
  await askFor(readers, "reset");
  let most = 0;
  // Far more than a kernel's buffers hold, so that what is not read has to wait in the process, or be cut off.
  for (let n = 1; n <= messages; n++) {
    publish(server);
    if (n % 50 !== 0) continue;
    await untilReceived(readers, n * readerCount);
    if (n % 500 === 0)
      most = Math.max(most, (await askFor<Usage>(server.child, { kind: "usage" })).maxWaiting);
  }
  const { waits, received } = await askFor<Seen>(readers, "waits");
  const cut = (await askFor<Seen>(stuck, "count")).closed;
  readers.disconnect();
  stuck.disconnect();
  server.child.disconnect();
  return { p99: quantile(waits, 0.99), most, missing: messages * readerCount - received, cut };
}

console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}\n`);
if (parts.includes("fan-out")) {
  console.log(
    `| one message of 1 kB to ${sockets.toLocaleString("en")} sockets | p50 ms | p99 ms | CPU microseconds a delivery | KB a socket | missing |`,
  );
  console.log("| --- | --- | --- | --- | --- | --- |");
  for (const [kind, name] of [
    ["bare", "bare `ws`"],
    ["shared", "the live lane"],
    ["bare", "bare `ws`, again"],
    ["shared", "the live lane, again"],
    ["stock", "the live lane by tRPC's stock handler"],
  ] as const) {
    const result = await fanOut(kind, sockets);
    const { p50, p99, microsADelivery, kbASocket, missing } = result;
    console.log(
      `| ${name} | ${p50.toFixed(0)} | ${p99.toFixed(0)} | ${microsADelivery.toFixed(1)} | ${kbASocket.toFixed(1)} | ${missing} |`,
    );
  }
}
if (parts.includes("own")) {
  const own = await ownMessages(Math.min(2_000, sockets));
  console.log(
    `\n| 200 messages a second, each to its own of ${Math.min(2_000, sockets).toLocaleString("en")} | |\n| --- | --- |`,
  );
  console.log(`| publish to socket, p50 and p95 ms | ${own.p50.toFixed(1)}, ${own.p95.toFixed(1)} |`);
  console.log(`| sent, received, connections lost | ${own.sent}, ${own.received}, ${own.closed} |`);
}
if (parts.includes("slow")) {
  console.log(
    `\n| ${readerCount} readers, ${messages.toLocaleString("en")} messages of 1 kB | p99 ms | most that waits for one, KB | cut off | missing |`,
  );
  console.log("| --- | --- | --- | --- | --- |");
  for (const deaf of [0, 200]) {
    const { p99, most, cut, missing } = await slowReaders(deaf);
    console.log(
      `| beside ${deaf} that do not read | ${p99.toFixed(0)} | ${(most / 1_024).toFixed(0)} | ${cut} | ${missing} |`,
    );
  }
}
process.exit(0);
