import type { LiveProduct } from "@almanac/catalog";
import type { ProductId } from "@almanac/kernel";
import { beforeEach, describe, expect, it } from "vitest";
import { createSeasonBook } from "./product-season.ts";
import { createShopState, type ShopFacts } from "./shop-state.ts";

const [kale, leek, beet] = ["kale", "leek", "beet"] as ProductId[] as [ProductId, ProductId, ProductId];

const productNamed = (id: ProductId, name: string = id): LiveProduct =>
  ({
    id,
    name,
    baseUnit: "g",
    category: { slug: "vegetables", name: "Vegetables" },
    variants: [{ unitPriceCents: 100, unitPricePer: 1_000, unitQuantityBase: 500 }],
  }) as unknown as LiveProduct;

const inStock = (available: Record<string, number>): ShopFacts => ({
  available: new Map(Object.entries(available).map(([id, base]) => [id as ProductId, base])),
  ratings: new Map(),
});

describe("the state of the shop, read anew", () => {
  let state: ReturnType<typeof createShopState>;
  const stockOf = (id: ProductId) => state.find(id)?.availableBase;

  beforeEach(async () => {
    state = createShopState(createSeasonBook());
    await state.readAnew((add) => {
      add([productNamed(kale), productNamed(leek)], inStock({ kale: 5_000, leek: 3_000 }));
      return Promise.resolve();
    });
  });

  it("is as it was until all was read, and then all of it as read", async () => {
    const whileReading: unknown[] = [];
    const moved = await state.readAnew(async (add) => {
      add([productNamed(kale)], inStock({ kale: 1_000 }));
      await Promise.resolve();
      whileReading.push(stockOf(kale), stockOf(leek), state.size);
      add([productNamed(beet)], inStock({ beet: 2_000 }));
    });
    expect(whileReading).toEqual([5_000, 3_000, 2]);
    expect(moved).toEqual([kale, beet, leek]);
    expect([stockOf(kale), stockOf(beet), stockOf(leek)]).toEqual([1_000, 2_000, undefined]);
  });

  it("keeps what was read of single products meanwhile, also where it says what was there before", async () => {
    const moved = await state.readAnew((add) => {
      add([productNamed(kale), productNamed(leek)], inStock({ kale: 1_000, leek: 3_000 }));
      expect(state.setAvailable(new Map([[kale, 5_000]]))).toEqual([]);
      state.replace([leek], [], inStock({}));
      state.replace([beet], [productNamed(beet)], inStock({ beet: 700 }));
      return Promise.resolve();
    });
    expect(moved).toEqual([]);
    expect([stockOf(kale), stockOf(leek), stockOf(beet)]).toEqual([5_000, undefined, 700]);
  });

  it("stays as it was when the reading fails, and is read whole the next time", async () => {
    const failing = state.readAnew((add) => {
      add([productNamed(kale)], inStock({ kale: 1_000 }));
      state.setAvailable(new Map([[kale, 4_000]]));
      return Promise.reject(new Error("no database"));
    });
    await expect(failing).rejects.toThrow("no database");
    expect([stockOf(kale), stockOf(leek)]).toEqual([4_000, 3_000]);
    await state.readAnew((add) => {
      add([productNamed(kale, "Curly kale")], inStock({ kale: 1_000 }));
      return Promise.resolve();
    });
    expect([state.find(kale)?.product.name, stockOf(kale), stockOf(leek)]).toEqual([
      "Curly kale",
      1_000,
      undefined,
    ]);
  });
});
