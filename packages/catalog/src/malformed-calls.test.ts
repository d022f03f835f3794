import { describeOnEveryDatabase } from "@almanac/db/testing";
import { seededRng, type Rng } from "@almanac/kernel";
import { declaredRights, router } from "@almanac/trpc";
import { expect, it } from "vitest";
import { catalogRoutes } from "./router.ts";
import {
  buildFarm,
  buildMarket,
  buildOpenWindow,
  buildPerson,
  buildProduct,
  callerNamed,
  catalogAs,
  farmIdOf,
  marketIdOf,
  productIdOf,
  variantIdOf,
} from "./testing.ts";

const odd: readonly unknown[] = [
  undefined,
  null,
  0,
  -1,
  1e308,
  Number.NaN,
  "",
  "\u0000",
  "x".repeat(5_000),
  "\ud800",
  "'; drop table products; --",
  "2025-02-30",
  "2199-12-31",
  "9999-99-99T99:99:99Z",
  "2025-08-16T08:00:00Z",
  "24:00",
  "00000000-0000-0000-0000-000000000000",
  [],
  [[[]]],
  {},
  { __proto__: null, constructor: 1 },
  true,
];

const fields = [
  "slug",
  "name",
  "category",
  "baseUnit",
  "code",
  "harvestedOn",
  "bestBefore",
  "quantityBase",
  "unitPriceCents",
  "unitPricePer",
  "unitQuantityBase",
  "priceUnit",
  "status",
  "kind",
  "windows",
  "crop",
  "cursor",
  "limit",
  "marketDay",
  "opensAt",
  "closesAt",
  "startsAt",
  "endsAt",
  "capacityOrders",
  "slotMinutes",
  "weeks",
  "text",
  "stall",
  "email",
  "timeZone",
  "latitude",
  "longitude",
  "weekday",
  "dataBase64",
  "windowId",
  "slotId",
] as const;

describeOnEveryDatabase("malformed calls", (test) => {
  it("are refused, never answered by a failure of ours", { timeout: 120_000 }, async () => {
    const market = await buildMarket(test.db);
    await buildFarm(test.db);
    await buildProduct(test.db);
    await buildPerson(test.db, "ines");
    const { window, slots } = await buildOpenWindow(test.db, market);
    const sound: Record<string, unknown> = {
      farmId: farmIdOf("hollow-oak"),
      marketId: marketIdOf("riverside"),
      productId: productIdOf("heirloom-tomato"),
      variantId: variantIdOf("heirloom-tomato"),
      windowId: window.id,
      slotId: slots[0]!.id,
      name: "Fine",
      category: "vegetables",
      baseUnit: "g",
      latitude: 1,
      longitude: 1,
      timeZone: "Europe/Paris",
      marketDay: "2025-08-23",
      capacityOrders: 1,
      priceUnit: "kg",
      unitPriceCents: 1,
      unitPricePer: 1,
      unitQuantityBase: 1,
      kind: "field",
      windows: [],
      harvestedOn: "2025-08-01",
      quantityBase: 1,
      status: "live",
    };
    const operator = catalogAs(test.handle, callerNamed("ines", { roles: ["operator"] }));
    const rng = seededRng(7);
    const failures: string[] = [];
    let refused = 0;
    for (const path of declaredRights(router(catalogRoutes())).keys()) {
      for (let call = 0; call < 20; call++) {
        const input = call < 4 ? rng.pick(odd) : malformed(sound, rng);
        const reason = await refusalOf(operator, path, input);
        if (reason === "INTERNAL_SERVER_ERROR")
          failures.push(`${path} ${JSON.stringify(input)?.slice(0, 300)}`);
        if (reason) refused++;
      }
    }
    expect(failures).toEqual([]);
    expect(refused).toBeGreaterThan(200);
  });
});

function malformed(sound: Record<string, unknown>, rng: Rng): Record<string, unknown> {
  const input = { ...sound };
  for (let change = 0; change <= rng.int(3); change++) input[rng.pick(fields)] = rng.pick(odd);
  return input;
}

async function refusalOf(caller: object, path: string, input: unknown): Promise<string | undefined> {
  let target: unknown = caller;
  for (const part of path.split(".")) target = Reflect.get(Object(target), part);
  try {
    await Reflect.apply(target as (input: unknown) => Promise<unknown>, undefined, [input]);
    return undefined;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : "INTERNAL_SERVER_ERROR";
  }
}
