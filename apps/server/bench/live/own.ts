import { setTimeout as pause } from "node:timers/promises";
import { Clients, publish, quantile, startServer, stopServer } from "./processes.ts";

const perSecond = 200;

export interface OwnMessages {
  /** Milliseconds from publication to the socket, of each that came. */
  readonly waits: readonly number[];
  readonly sent: number;
  readonly received: number;
  /** Connections that were lost. */
  readonly closed: number;
}

/** 200 messages a second in all, each to its own shopper. */
export async function measureOwn(count: number, seconds: number): Promise<OwnMessages> {
  const server = await startServer({ kind: "lane" });
  const clients = await Clients.start({ port: server.port, count, first: 0, speaks: "lane", deaf: 0 });
  for (let n = 0; n < 200; n++) publish(server, n);
  await clients.until(({ received }) => received >= 200, 30_000);
  await clients.reset();
  const startedAt = performance.now();
  let sent = 0;
  while (sent < seconds * perSecond) {
    const due = ((performance.now() - startedAt) / 1_000) * perSecond;
    while (sent < Math.min(due, seconds * perSecond)) publish(server, (sent++ * 7_919) % count);
    await pause(2);
  }
  await clients.until(({ received }) => received >= sent, 30_000);
  const { waits, received, closed } = await clients.seen("waits");
  await clients.stop();
  await stopServer(server);
  return { waits, sent, received, closed };
}

export async function ownTable(count: number, seconds: number): Promise<void> {
  const { waits, sent, received, closed } = await measureOwn(count, seconds);
  const ms = [0.5, 0.95, 0.99].map((q) => quantile(waits, q).toFixed(1)).join(", ");
  console.log(
    `\n| ${perSecond} messages a second for ${seconds} s, each to its own of ${count.toLocaleString("en")} | |`,
  );
  console.log(`| --- | --- |\n| publish to socket, p50, p95, p99 ms | ${ms} |`);
  console.log(`| sent, received, connections lost | ${sent}, ${received}, ${closed} |`);
}
