import { describe, expect, it } from "vitest";
import { buildSnapshot } from "../core/snapshot/build-snapshot.ts";
import { aMarket, aProduct, anOrder, today } from "../core/fixtures.ts";
import { recommendForShopper } from "../core/lists/recommend.ts";
import { startBuilder } from "./builder.ts";

const products = ["leek", "kale", "jam"].map((id) => aProduct(id));
const orders = Array.from({ length: 12 }, (_, i) => anOrder(`shopper-${i}`, i % 6, "leek", "kale"));
const input = aMarket(products, orders);
const build = { kind: "build", day: today, farms: input.farms, togetherWithin: "order" } as const;

describe("building in a thread", () => {
  it("gives what building here gives, whatever the pieces", async () => {
    const builder = startBuilder();
    for (const product of products) builder.add({ kind: "products", products: [product] });
    for (const { shopperId, day, productIds } of orders)
      builder.add({
        kind: "orders",
        orders: [{ shopperId, marketId: "north", day, products: productIds.join(",") }],
      });
    const built = await builder.finish(build);
    const here = buildSnapshot({
      ...input,
      orders: orders.map((order) => ({ ...order, marketId: "north" })),
    });
    expect(built).toEqual(here);
    const request = { day: today, season: "SUMMER", shopperId: "shopper-3" } as const;
    const options = { availability: () => true };
    expect(recommendForShopper(built, request, options)).toEqual(recommendForShopper(here, request, options));
  });

  it("says why when the pieces do not fit", async () => {
    const builder = startBuilder();
    builder.add({ kind: "products", products: [aProduct("leek", { farmId: "nobody" })] });
    await expect(builder.finish(build)).rejects.toThrow("of farm nobody");
  });

  it("fails when the thread is ended in the middle", async () => {
    const builder = startBuilder();
    const finished = builder.finish(build);
    await builder.abandon();
    await expect(finished).rejects.toMatchObject({ code: "recommendations_not_built" });
  });

  it("does not wait for ever", async () => {
    const idle = new URL("data:text/javascript,setInterval(() => undefined, 1000)");
    await expect(startBuilder({ script: idle, patience: 50 }).finish(build)).rejects.toThrow("longer than");
  });
});
