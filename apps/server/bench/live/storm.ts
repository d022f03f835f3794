import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Clients, publish, startServer, stopServer } from "./processes.ts";

/**
 * All clients lose their server at once; it is killed, and another one starts at the same address. They come back as the
 * client package does: by full jitter, with the place of their last message.
 */
export async function stormTable(count: number): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), "almanac-storm-"));
  try {
    const first = await startServer({ kind: "lane", dataDir });
    const clients = await Clients.start({
      port: first.port,
      count,
      first: 0,
      speaks: "lane",
      deaf: 0,
      comesBack: true,
    });
    publish(first);
    await clients.until(({ received }) => received >= count, 60_000, "the first message was not received");
    await clients.reset();
    const killedAt = performance.now();
    await stopServer(first, "SIGKILL");
    const second = await startServer({ kind: "lane", dataDir, port: first.port });
    const openAt = performance.now();
    const isBack = await clients.until(({ ready }) => ready >= count, 60_000);
    const backAt = performance.now();
    publish(second);
    await clients.until(({ received }) => received >= count, 30_000);
    const { received, attempts } = await clients.seen();
    await clients.stop();
    await stopServer(second);
    const seconds = (from: number, to: number): string => ((to - from) / 1_000).toFixed(1);
    console.log(`\n| ${count.toLocaleString("en")} clients after a restart | |\n| --- | --- |`);
    console.log(`| the server was away, s | ${seconds(killedAt, openAt)} |`);
    console.log(`| all were back after its return, s | ${isBack ? seconds(openAt, backAt) : "not in 60"} |`);
    console.log(`| attempts in all | ${attempts} |`);
    console.log(`| received the next message once | ${received} |`);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}
