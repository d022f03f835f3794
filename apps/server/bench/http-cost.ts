/**
 * What a tRPC query costs the server in CPU, beside a bare Fastify route that gives the same answer, and beside the router
 * behind tRPC's own fetch adapter. The router and the bare route take turns, pair by pair, so that both meet the same machine.
 *
 *   node apps/server/bench/http-cost.ts [requests a round] [pairs]
 */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";

const requests = Number(process.argv[2] ?? 6_000);
const connections = 16;
const pairs = Number(process.argv[3] ?? 9);
/** So many rounds go by uncounted: a server is not compiled as well as it will be before it has answered some ten thousand. */
const warmUps = 3;
const kinds = ["bare", "thin", "stock"] as const;
const input = encodeURIComponent(JSON.stringify({ limit: 20 }));

interface Served {
  readonly child: ChildProcess;
  readonly port: number;
}

async function serve(kind: string, folder: string): Promise<Served> {
  const entry = new URL("http-server.ts", import.meta.url).pathname;
  const child = fork(entry, [kind, join(folder, kind)], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const [message] = (await once(child, "message")) as [{ port: number }];
  return { child, port: message.port };
}

async function cpuMicros({ child }: Served): Promise<number> {
  child.send("cpu");
  const [{ cpu }] = (await once(child, "message")) as [{ cpu: { user: number; system: number } }];
  return cpu.user + cpu.system;
}

/** Asks over one connection that stays open, one request after the other, as a browser does. */
async function ask({ port }: Served, times: number): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  const request =
    `GET /trpc/shelf.list?input=${input} HTTP/1.1\r\nHost: localhost\r\naccept: */*\r\n` +
    `user-agent: Mozilla/5.0 (X11; Linux x86_64)\r\naccept-encoding: gzip, br\r\naccept-language: en\r\n` +
    `sec-fetch-site: same-origin\r\nsec-fetch-mode: cors\r\n\r\n`;
  let body = "";
  for (let n = 0; n < times; n++) {
    socket.write(request);
    body = await readAnswer(socket);
  }
  socket.destroy();
  return body;
}

async function readAnswer(socket: ReturnType<typeof connect>): Promise<string> {
  let text = "";
  for (;;) {
    const [chunk] = (await once(socket, "data")) as [Buffer];
    text += chunk.toString("latin1");
    const headEnd = text.indexOf("\r\n\r\n");
    if (headEnd === -1) continue;
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1]);
    if (Number.isFinite(length) && text.length >= headEnd + 4 + length) return text.slice(headEnd + 4);
    if (/transfer-encoding: chunked/i.test(text) && text.endsWith("0\r\n\r\n"))
      return text
        .slice(headEnd + 4)
        .replace(/^[0-9a-f]+\r\n|\r\n[0-9a-f]+\r\n/gi, "")
        .trim();
  }
}

async function round(served: Served): Promise<number> {
  const before = await cpuMicros(served);
  await Promise.all(Array.from({ length: connections }, () => ask(served, requests / connections)));
  return ((await cpuMicros(served)) - before) / requests;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const folder = await mkdtemp(join(tmpdir(), "almanac-bench-"));
const served = new Map<string, Served>();
try {
  for (const kind of kinds) served.set(kind, await serve(kind, folder));
  const bodies = await Promise.all([...served.values()].map((one) => ask(one, 1)));
  if (new Set(bodies.slice(0, 2)).size > 1) throw new Error("the answers differ");
  const costs = new Map<string, number[]>(kinds.map((kind) => [kind, []]));
  for (let n = 0; n < warmUps; n++) for (const one of served.values()) await round(one);
  for (let n = 0; n < pairs; n++) {
    // Whoever is second in one pair is first in the next. The adapter is far enough from both to be asked less often.
    const order = n % 2 === 0 ? (["bare", "thin"] as const) : (["thin", "bare"] as const);
    for (const kind of n % 3 === 0 ? [...order, "stock"] : order)
      costs.get(kind)?.push(await round(served.get(kind)!));
  }
  const bare = costs.get("bare") ?? [];
  const ratios = (costs.get("thin") ?? []).map((cost, n) => cost / bare[n]!);
  console.log(
    `${pairs} pairs of ${requests} GET requests over ${connections} connections, answer ${bodies[0]?.length} bytes; ` +
      `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}, load ${loadavg()[0]?.toFixed(1)}`,
  );
  console.log("| server | CPU microseconds a request, median | of a bare route |\n| --- | --- | --- |");
  const medianOf = (kind: string): number => median(costs.get(kind) ?? []);
  const spread = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
  const rows = [
    ["bare Fastify route", medianOf("bare"), "1.00"],
    ["the router, as served", medianOf("thin"), `${median(ratios).toFixed(2)} (${spread})`],
    ["the router, fetch adapter", medianOf("stock"), (medianOf("stock") / medianOf("bare")).toFixed(2)],
  ] as const;
  for (const [name, cost, ratio] of rows) console.log(`| ${name} | ${cost.toFixed(1)} | ${ratio} |`);
} finally {
  for (const { child } of served.values()) child.disconnect();
  await rm(folder, { recursive: true, force: true });
}
