/**
 * How many events a second the server accepts over HTTP: batches of 100 to `events.track`, each answered after the commit that
 * holds it. The server is a process of its own, over the database that BENCH_DATABASE_URL names (an empty one), or an embedded
 * one. Loopback only; ends by itself. Run: node apps/server/bench/events-http.ts [seconds]
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { cpus } from "node:os";
import { newId } from "@almanac/kernel";

const seconds = Number(process.argv[2] ?? 8);
const connections = 48;
const batch = 100;

const child = fork(new URL("events-server.ts", import.meta.url).pathname, { stdio: "inherit" });
const [{ port, driver }] = (await once(child, "message")) as [{ port: number; driver: string }];

function request(): string {
  const events = Array.from({ length: batch }, (_, n) => ({
    id: newId(),
    action: "SEARCH",
    entityType: "SEARCH",
    entityId: `tomato ${n}`,
    metadata: { query: `tomato ${n}` },
  }));
  const body = JSON.stringify({ events });
  return (
    `POST /trpc/events.track HTTP/1.1\r\nHost: localhost\r\ncontent-type: application/json\r\n` +
    `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  );
}

async function readStatus(socket: Socket): Promise<number> {
  let text = "";
  for (;;) {
    const [chunk] = (await once(socket, "data")) as [Buffer];
    text += chunk.toString("latin1");
    const headEnd = text.indexOf("\r\n\r\n");
    if (headEnd === -1) continue;
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1]);
    if (text.length >= headEnd + 4 + length) return Number(text.slice(9, 12));
  }
}

const waits: number[] = [];
const statuses = new Map<number, number>();
const startedAt = performance.now();

async function caller(): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  while (performance.now() - startedAt < seconds * 1_000) {
    const text = request();
    const at = performance.now();
    socket.write(text);
    const status = await readStatus(socket);
    waits.push(performance.now() - at);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  socket.destroy();
}

const askUsage = async (): Promise<{ cpuMs: number; logged: number; shed: number }> => {
  child.send("usage");
  const [usage] = (await once(child, "message")) as [{ cpuMs: number; logged: number; shed: number }];
  return usage;
};

const before = await askUsage();
await Promise.all(Array.from({ length: connections }, caller));
const tookMs = performance.now() - startedAt;
const after = await askUsage();
child.disconnect();
waits.sort((a, b) => a - b);
const accepted = (statuses.get(200) ?? 0) * batch;
const p95 = waits[Math.floor(waits.length * 0.95)] ?? Number.NaN;
const refused = [...statuses].filter(([status]) => status !== 200);
const whole = (value: number): string => Math.round(value).toLocaleString("en");
console.log(
  `${driver}, Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}; ${connections} connections, ${seconds} s`,
);
console.log(
  "\n| over HTTP, 100 events a call | events/s | a call, p95 ms | server's CPU, microseconds an event | in the log | of them shed |",
);
console.log("| --- | --- | --- | --- | --- | --- |");
console.log(
  `| events.track | ${whole((accepted / tookMs) * 1_000)} | ${whole(p95)} | ` +
    `${(((after.cpuMs - before.cpuMs) * 1_000) / accepted).toFixed(1)} | ${whole(after.logged)} of ${whole(accepted)} | ${whole(after.shed)} |`,
);
if (refused.length > 0) console.log(`\nRefused: ${JSON.stringify(refused)}`);
