import { parentPort } from "node:worker_threads";
import { invariant } from "@almanac/kernel";
import { evaluateArms } from "../core/arms/evaluate.ts";
import { buildSnapshot } from "../core/snapshot/build-snapshot.ts";
import type { SnapshotOrder, SnapshotProduct } from "../core/snapshot/snapshot.ts";
import type { BuilderAnswer, BuilderCall } from "./messages.ts";
import { buffersOf } from "./transfer.ts";

/** A thread that builds one snapshot, or judges the arms, from the pieces that it is told; then it ends. */

invariant(parentPort, "the builder runs in a thread of its own");
const port = parentPort;
const orders: SnapshotOrder[] = [];
const products: SnapshotProduct[] = [];

port.on("message", (call: BuilderCall) => {
  switch (call.kind) {
    case "orders":
      for (const { shopperId, marketId, day, products: ids } of call.orders)
        orders.push({ shopperId, marketId, day, productIds: ids.split(",") });
      return;
    case "products":
      products.push(...call.products);
      return;
    case "build": {
      const { day, farms, togetherWithin } = call;
      const snapshot = buildSnapshot({ day, farms, togetherWithin, products, orders });
      const answer: BuilderAnswer = { kind: "built", snapshot };
      port.postMessage(answer, buffersOf(snapshot));
      port.close();
      return;
    }
    case "judge": {
      const { day, farms, season } = call;
      const evaluation = evaluateArms({ day, farms, products, orders }, { season });
      const answer: BuilderAnswer = { kind: "judged", evaluation };
      port.postMessage(answer);
      port.close();
    }
  }
});
