/** Run by random-calls.test.ts in processes of their own: a seller over PostgreSQL and Redis that does what it is told. */
import { openDatabase } from "@almanac/db";
import { createRedisBus } from "@almanac/events";
import { silentLogger } from "@almanac/trpc";
import type { SellerCall } from "./seller-processes.ts";
import { startSeller } from "./seller.ts";

const [url, redisUrl, prefix] = process.argv.slice(2);
if (!url || !redisUrl || !prefix || !process.send)
  throw new Error("a seller's process needs a database, Redis, a prefix and a parent");
const handle = await openDatabase({ url, pool: { maxConnections: 5 } });
const bus = createRedisBus({ url: redisUrl, log: silentLogger, prefix });
const seller = await startSeller(handle, bus);
const answer = (message: object): void => void process.send?.(message);

async function work(call: SellerCall): Promise<unknown> {
  if (call.kind === "ask") return seller.ask(call.ask);
  return call.kind === "change" ? seller.change(call.change) : seller.reload();
}

process.on("message", (message) => {
  const { id, call } = message as { id: number; call: SellerCall };
  work(call).then(
    (result) => answer({ id, result }),
    (error: unknown) => answer({ id, error: String(error) }),
  );
});
// The parent lets go when it is done, and also when it has failed.
process.on("disconnect", () => {
  void seller
    .stop()
    .then(() => bus.close())
    .then(() => handle.close());
});
answer({ isReady: true });
