import { Clients, publish, quantile, startServer, stopServer, usageOf } from "./processes.ts";

/** To readers that do not read: more than what a kernel holds for one of them. */
const messages = 6_000;
const together = 25;
const readerCount = 50;
const otherCount = 200;

interface Slow {
  readonly p99: number;
  readonly mostBytes: number;
  readonly cut: number;
  readonly missing: number;
}

/** Fifty that read, beside 200 others: who read as well, or do not. */
async function slowReaders(deaf: number): Promise<Slow> {
  const server = await startServer({ kind: "lane" });
  const { port } = server;
  const readers = await Clients.start({ port, count: readerCount, first: 0, speaks: "lane", deaf: 0 });
  const others = await Clients.start({ port, count: otherCount, first: 1_000, speaks: "lane", deaf });
  await readers.reset();
  let mostBytes = 0;
  for (let n = together; n <= messages; n += together) {
    for (let i = 0; i < together; i++) publish(server);
    await readers.until(({ received }) => received >= n * readerCount, 30_000);
    if (n % 100 === 0) mostBytes = Math.max(mostBytes, (await usageOf(server)).maxWaiting);
  }
  const { waits, received } = await readers.seen("waits");
  const { open } = await usageOf(server);
  await readers.stop();
  await others.stop();
  await stopServer(server);
  return {
    p99: quantile(waits, 0.99),
    mostBytes,
    cut: readerCount + otherCount - open,
    missing: messages * readerCount - received,
  };
}

export async function slowTable(): Promise<void> {
  console.log(
    `\n| ${readerCount} readers, ${messages.toLocaleString("en")} messages of 1 kB | p99 ms | most that waits for one, KB | cut off | missing |`,
  );
  console.log("| --- | --- | --- | --- | --- |");
  for (const deaf of [0, otherCount, 0, otherCount]) {
    const { p99, mostBytes, cut, missing } = await slowReaders(deaf);
    console.log(
      `| beside ${otherCount}, of whom ${deaf} do not read | ${p99.toFixed(0)} | ${(mostBytes / 1_024).toFixed(0)} | ${cut} | ${missing} |`,
    );
  }
}
