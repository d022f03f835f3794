import { Clients, cpuMs, publish, quantile, startServer, stopServer, usageOf } from "./processes.ts";
import type { ServerKind } from "./server.ts";

export interface FanOut {
  readonly p50: number;
  readonly p99: number;
  readonly microsADelivery: number;
  readonly kbASocket: number;
  readonly missing: number;
}

/** One message of 1 kB to all, several times, each after the last was received everywhere. */
export async function fanOut(kind: ServerKind, count: number, times = 20): Promise<FanOut> {
  const server = await startServer({ kind });
  const empty = await usageOf(server);
  const clients = await Clients.start({ port: server.port, count, first: 0, speaks: kind, deaf: 0 });
  const publishAll = async (rounds: number): Promise<void> => {
    for (let n = 1; n <= rounds; n++) {
      publish(server);
      await clients.until(({ received }) => received >= n * count, 60_000);
    }
  };
  await publishAll(3);
  await clients.reset();
  const before = await usageOf(server);
  await publishAll(times);
  const after = await usageOf(server);
  const { waits, received } = await clients.seen("waits");
  await clients.stop();
  await stopServer(server);
  return {
    p50: quantile(waits, 0.5),
    p99: quantile(waits, 0.99),
    microsADelivery: ((cpuMs(after) - cpuMs(before)) * 1_000) / (times * count),
    kbASocket: (before.rssBytes - empty.rssBytes) / 1_024 / count,
    missing: times * count - received,
  };
}

export async function fanOutTable(sockets: number): Promise<void> {
  const rows: [ServerKind, string][] = [
    ["bare", "bare `ws`"],
    ["lane", "the live lane"],
    ["bare", "bare `ws`, again"],
    ["lane", "the live lane, again"],
    ["socket.io", "Socket.IO"],
    ["stock", "the live lane by tRPC's stock handler"],
  ];
  const n = sockets.toLocaleString("en");
  console.log(
    `\n| one message of 1 kB to ${n} sockets | p50 ms | p99 ms | CPU microseconds a delivery | KB a socket | missing |`,
  );
  console.log("| --- | --- | --- | --- | --- | --- |");
  for (const [kind, name] of rows) {
    const { p50, p99, microsADelivery, kbASocket, missing } = await fanOut(kind, sockets);
    console.log(
      `| ${name} | ${p50.toFixed(0)} | ${p99.toFixed(0)} | ${microsADelivery.toFixed(1)} | ${kbASocket.toFixed(1)} | ${missing} |`,
    );
  }
}
