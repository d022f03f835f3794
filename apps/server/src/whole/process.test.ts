import { beforeAll, describe, expect, it } from "vitest";
import {
  fillTinyShop,
  HttpCaller,
  startAndFail,
  startServerProcess,
  temporaryFolder,
  tinyShopFolder,
} from "../testing/server-process.ts";

interface CardLike {
  readonly id: string;
  readonly variantId: string;
}

async function openShopper(url: string): Promise<HttpCaller> {
  const shopper = new HttpCaller(url);
  await shopper.fetch("/");
  return shopper;
}

interface Shopped {
  readonly shopper: HttpCaller;
  readonly acknowledged: string[];
}

/** Places orders for one product after another until the server is gone, and keeps the numbers it acknowledged. */
async function orderUntilGone(
  url: string,
  variantIds: readonly string[],
  onAcknowledged: () => void,
): Promise<Shopped> {
  const acknowledged: string[] = [];
  const shopper = await openShopper(url);
  for (let n = 0; n < 200; n++) {
    try {
      await shopper.mutate("cart.add", { variantId: variantIds[n % variantIds.length], quantity: 1 });
      const slots = await shopper.query("checkout.slots", {});
      const free = (slots.data["slots"] as { id: string; placesLeft: number }[]).find(
        (slot) => slot.placesLeft > 0,
      );
      if (!free) break;
      const placed = await shopper.mutate("orders.place", {
        pickupSlotId: free.id,
        idempotencyKey: `crash-test-${n}`,
      });
      if (placed.status !== 200) continue;
      acknowledged.push(String(placed.data["number"]));
      onAcknowledged();
    } catch (error) {
      if (error instanceof TypeError) break;
      throw error;
    }
  }
  return { shopper, acknowledged };
}

beforeAll(fillTinyShop);

describe("the server process", () => {
  it("refuses a second copy on the same data folder, names the first, and leaves it running", async () => {
    await using folder = await tinyShopFolder();
    const first = await startServerProcess(folder.path);
    const second = await startAndFail(folder.path);
    expect(second.code).toBe(2);
    expect(second.output).toContain(String(first.pid));
    expect(second.output).not.toContain("    at ");
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
    await first.end("SIGTERM");
  });

  it("ends by itself when it is asked to, with an event stream open", async () => {
    await using folder = await tinyShopFolder();
    const server = await startServerProcess(folder.path);
    const stream = await fetch(`${server.url}/api/realtime/events`, {
      headers: { accept: "text/event-stream" },
    });
    expect(stream.status).toBe(200);
    // It gives itself five seconds; where they were not enough, the code is 1.
    expect(await server.end("SIGTERM")).toBe(0);
    await stream.body?.cancel().catch((error: unknown) => expect(error).toBeInstanceOf(Error));
  });

  it(
    "keeps every acknowledged order when it is killed, with stock and money that add up",
    { timeout: 90_000 },
    async () => {
      await using folder = await tinyShopFolder();
      const first = await startServerProcess(folder.path, { RATE_LIMIT_FACTOR: "1000" });
      const found = await new HttpCaller(first.url).query("search.query", { q: "", limit: 24 });
      const variantIds = (found.data["hits"] as { card: CardLike }[]).map((hit) => hit.card.variantId);
      // Killed in the midst of it: at the third order, while the others are about theirs.
      let placed = 0;
      let killed: Promise<unknown> | undefined;
      const onAcknowledged = (): void => {
        placed += 1;
        if (placed === 3) killed = first.end("SIGKILL");
      };
      const orders = [1, 2, 3].map(() => orderUntilGone(first.url, variantIds, onAcknowledged));
      const shopped = await Promise.all(orders);
      await killed;
      expect(shopped.flatMap(({ acknowledged }) => acknowledged).length).toBeGreaterThanOrEqual(3);

      const again = await startServerProcess(folder.path);
      for (const { shopper, acknowledged } of shopped) {
        for (const number of acknowledged) {
          expect(await shopper.at(again.url).query("orders.get", { number })).toMatchObject({
            status: 200,
            data: { number },
          });
        }
      }
      const operator = new HttpCaller(again.url);
      await operator.signIn("ines@demo.example");
      const books = await operator.query("admin.ledger.check");
      expect(books.status).toBe(200);
      expect(books.data["problems"]).toEqual([]);
      await again.end("SIGTERM");
    },
  );

  it("names every wrong variable at once, without their values", async () => {
    await using folder = await temporaryFolder();
    const { code, output } = await startAndFail(folder.path, {
      ALMANAC_ROLE: "boss",
      DATABASE_URL: "mysql://u:hush@h/d",
    });
    expect(code).toBe(2);
    expect(output).toContain("ALMANAC_ROLE");
    expect(output).toContain("DATABASE_URL");
    expect(output).not.toContain("hush");
  });
});
