import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { newId } from "@almanac/kernel";
import { WebSocket } from "ws";
import { measureOwn } from "../live/own.ts";
import { quantile } from "../live/processes.ts";
import type { ServingClient } from "../serving-client.ts";
import type { Figure } from "./table.ts";

/** From an event that is accepted to what it leads to on the shopper's open page; and what handling it takes. */
export async function eventLevels(shop: ServingClient, seconds: number): Promise<Figure[]> {
  const { ready } = shop;
  const waits: number[] = [];
  const endsAt = performance.now() + seconds * 1_000;
  let lost = 0;
  for (let turn = 0; turn < 40 || performance.now() < endsAt; turn++) {
    const shopperId = ready.shopperIds[(turn * 7_919 + 13) % ready.shopperIds.length]!;
    const entityId = ready.productIds[(turn * 131) % ready.productIds.length]!;
    const page = await openPage(ready.port, shopperId);
    const events = [{ id: newId(), action: "VIEW_PRODUCT", entityType: "PRODUCT", entityId }];
    await shop.ask("events.track", { input: { events }, shopperId, isMutation: true });
    const acceptedAt = performance.now();
    const heardAt = await Promise.race([page.heard, pause(5_000).then(() => undefined)]);
    if (heardAt === undefined) lost += 1;
    else waits.push(Math.max(0, heardAt - acceptedAt));
    page.close();
  }
  if (lost > 0) console.log(`${lost} of ${lost + waits.length} pushes did not come within 5 s`);
  // The figures of the steps are written once a second.
  await pause(1_500);
  const { data } = await shop.ask("events.stats", { input: { detailed: true }, asOperator: true });
  const { processing } = data as { processing: { p50: number; p95: number; p99: number } };
  return [
    {
      id: "events.handled",
      what: "an event by all that react to it",
      by: "p95",
      goal: { value: 200, unit: "ms", is: "at most" },
      value: processing.p95,
      beside: { p50: processing.p50, p99: processing.p99 },
    },
    {
      id: "events.pushed",
      what: "from an accepted event to new recommendations on the open page",
      by: "p95",
      goal: { value: 5_000, unit: "ms", is: "at most" },
      value: quantile([...waits, ...Array.from({ length: lost }, () => Infinity)], 0.95),
      beside: { p50: quantile(waits, 0.5) },
    },
  ];
}

interface Page {
  /** When recommendations came, by `performance.now()`. */
  readonly heard: Promise<number>;
  close(): void;
}

/** A socket that follows what is the shopper's own, by tRPC's protocol. */
async function openPage(port: number, shopperId: string): Promise<Page> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/trpc`, { headers: { "x-bench-shopper": shopperId } });
  const heard = Promise.withResolvers<number>();
  const following = Promise.withResolvers<void>();
  socket.on("message", (data: Buffer) => {
    const text = data.toString();
    if (text.includes('"CONNECTION_ACK"')) following.resolve();
    if (text.includes('"RECOMMENDATION_UPDATE"')) heard.resolve(performance.now());
  });
  await once(socket, "open");
  const params = { path: "realtime.live", input: { topics: ["personalized"] } };
  socket.send(JSON.stringify({ id: 1, method: "subscription", params }));
  await following.promise;
  return { heard: heard.promise, close: () => socket.close() };
}

/** Notices to 2,000 open sockets, each its own, 200 a second: made, kept, delivered (RT-10). */
export async function socketLevels(seconds: number): Promise<Figure[]> {
  const sockets = 2_000;
  const { waits, sent, received, closed } = await measureOwn(sockets, seconds);
  const beside = { p50: quantile(waits, 0.5) };
  return [
    {
      id: "sockets.open",
      what: "sockets held open by one process, each following its own",
      by: "count",
      goal: { value: 2_000, unit: "sockets", is: "at least" },
      value: sockets - closed,
    },
    {
      id: "sockets.delivered",
      what: "a message from its publication to the socket, 200 a second",
      by: "p95",
      goal: { value: 20, unit: "ms", is: "at most" },
      value: quantile(waits, 0.95),
      beside,
    },
    {
      id: "sockets.noticed",
      what: "the same with its keeping in the table, at worst",
      by: "p99",
      goal: { value: 100, unit: "ms", is: "at most" },
      value: quantile(waits, 0.99),
      beside,
    },
    {
      id: "sockets.stable",
      what: `messages that arrived, of ${sent.toLocaleString("en")}`,
      by: "share",
      goal: { value: 99.9, unit: "%", is: "at least" },
      value: (received / sent) * 100,
    },
  ];
}
