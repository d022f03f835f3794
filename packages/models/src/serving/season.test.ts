import {
  buildFarm,
  buildMarket,
  buildProduct,
  callerNamed,
  farmIdOf,
  marketIdOf,
  productIdOf,
  shopperIdOf,
  testNow,
  variantIdOf,
} from "@almanac/catalog/testing";
import { insertMany } from "@almanac/db";
import { orderLines, orders, shoppers, stallSales, stockEntries, subOrders } from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { createInProcessBus } from "@almanac/events";
import { aRequestContext } from "@almanac/events/testing";
import { createJobRunner } from "@almanac/jobs";
import {
  days,
  isAppError,
  newId,
  seededRng,
  shiftedClock,
  type OrderId,
  type OrderLineId,
  type StallSaleId,
  type ShiftedClock,
  type SubOrderId,
} from "@almanac/kernel";
import { createCallerFactory, router, silentLogger, wireErrorOf } from "@almanac/trpc";
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import { databaseArtefacts } from "../versions/artefacts.ts";
import { mondayOf, weekOf } from "../core/seasons/demand-weeks.ts";
import { numberOf } from "../core/seasons/season-model.ts";
import type { SeasonalNetwork } from "../core/seasons/seasonal-network.ts";
import { modelJobs } from "../runs/jobs.ts";
import { modelsRoutes } from "../router.ts";
import { createModelService, type ModelService } from "./service.ts";
import { readAbsentWeeks, readAskedWeeks } from "../store/demand-weeks.ts";

const oak = farmIdOf("hollow-oak");
const bank = farmIdOf("fern-bank");
const weeks = 130;
const slugs = Array.from({ length: 6 }, (_, at) => `crop-${at}`);
const tomato = productIdOf(slugs[0]!);
/** Mostly in even weeks, which no wave of a year tells. */
const isAskedIn = (week: number, draw: number): boolean => draw < (week % 2 === 0 ? 0.95 : 0.05);

/** Knows the fortnights: told of a series' end, it says what follows. */
const knowing: SeasonalNetwork = async (series) => ({
  fit: { kind: "fitted" },
  told: series.map(({ isDemanded }) => {
    const even = [0, 1].map((side) =>
      isDemanded.filter((_, at) => at % 2 === side).reduce((a, b) => a + b, 0),
    );
    return Float64Array.from({ length: 8 }, (_, ahead) =>
      (isDemanded.length + ahead) % 2 === (even[0]! > even[1]! ? 0 : 1) ? 0.95 : 0.05,
    );
  }),
});

describeOnEveryDatabase("the model of seasons", (test) => {
  const bus = createInProcessBus();
  let clock: ShiftedClock;
  let models: ModelService;

  beforeEach(() => {
    clock = shiftedClock(testNow);
    const artefacts = databaseArtefacts(test.handle, clock);
    models = createModelService({ handle: test.handle, bus, clock, log: silentLogger, artefacts });
  });
  afterEach(() => models.stop());
  afterAll(() => bus.close());

  const as = (name: string, more: Parameters<typeof callerNamed>[1] = {}) =>
    createCallerFactory(router(modelsRoutes({ models, bus, allowsTestSwitch: true })))(
      aRequestContext(test.handle, { clock, caller: callerNamed(name, more) }),
    );
  const operator = () => as("ines", { roles: ["operator"] });
  const tomas = () => as("tomas", { farmIds: [oak] });
  const reasonOf = (made: Promise<unknown>): Promise<string> =>
    made.then(
      () => "ok",
      (error: unknown) =>
        isAppError(error) ? error.code : wireErrorOf(error as Parameters<typeof wireErrorOf>[0]).reason,
    );

  async function train(network?: SeasonalNetwork, seed = 1) {
    const { runId } = await operator().ml.train({ name: "season", seed });
    await createJobRunner({
      handle: test.handle,
      clock,
      log: silentLogger,
      jobs: modelJobs({ models, bus, codeCommit: "test", loadNetwork: async () => network }),
    }).drain();
    return operator().ml.run({ runId });
  }

  async function champion() {
    const { models: listed } = await operator().ml.models.list();
    const { champion: versionId } = listed.find(({ name }) => name === "season")!;
    return operator().ml.models.card({ versionId: versionId! });
  }

  /** Two and a half years of one order a week, with what was asked for in it; the last order of all was cancelled. */
  async function fill(): Promise<void> {
    await buildMarket(test.db);
    for (const slug of ["hollow-oak", "fern-bank"]) await buildFarm(test.db, { slug });
    for (const slug of slugs) await buildProduct(test.db, { slug });
    await test.db.insert(shoppers).values({ id: shopperIdOf("maya"), createdAt: new Date(0) });
    const rng = seededRng(4);
    const baskets = Array.from({ length: weeks }, (_, at) => {
      const placedAt = new Date(testNow.getTime() - days(7 * (weeks - at)));
      const week = weekOf(placedAt.getTime());
      // All together in the first week, in which every series begins.
      const wanted = slugs.filter(() => at === 0 || isAskedIn(week, rng.next()));
      return { id: newId<OrderId>(placedAt.getTime()), part: newId<SubOrderId>(), placedAt, wanted };
    });
    const money = { subtotalCents: 400, totalCents: 400 };
    await insertMany(
      test.db,
      orders,
      baskets.map(({ id, placedAt }, at) => ({
        id,
        number: `T-${at}`,
        shopperId: shopperIdOf("maya"),
        marketId: marketIdOf("riverside"),
        ...money,
        holdCents: 400,
        idempotencyKey: `${at}`,
        requestHash: `${at}`,
        status: "collected" as const,
        placedAt,
        updatedAt: placedAt,
        cancelledAt: at === weeks - 1 ? placedAt : null,
      })),
    );
    await insertMany(
      test.db,
      subOrders,
      baskets.map(({ id, part }) => ({
        id: part,
        orderId: id,
        farmId: oak,
        subtotalCents: 400,
        feeCents: 0,
      })),
    );
    await insertMany(
      test.db,
      orderLines,
      baskets.flatMap(({ id, part, wanted }) =>
        wanted.map((slug) => ({
          id: newId<OrderLineId>(),
          orderId: id,
          subOrderId: part,
          productId: productIdOf(slug),
          variantId: variantIdOf(slug),
          productName: slug,
          variantName: "each",
          quantity: 1,
          quantityBase: 750,
          unitPriceCents: 490,
          unitPricePer: 1_000,
          totalCents: 368,
        })),
      ),
    );
  }

  it("is INSUFFICIENT_DATA of an empty shop, which is no failure", async () => {
    expect(await train(knowing)).toMatchObject({ status: "INSUFFICIENT_DATA", versionId: null });
    expect(await reasonOf(tomas().ml.season({ farmId: oak, productId: tomato }))).toBe("product_not_found");
  });

  it("reads the weeks of orders that stood, and none that have yet to end", async () => {
    await fill();
    const now = weekOf(testNow.getTime());
    const asked = await readAskedWeeks(test.db, now);
    expect(asked).toHaveLength(slugs.length);
    for (const { market, weeks: own } of asked) {
      expect(market).toBe(marketIdOf("riverside"));
      expect(own).toEqual(own.toSorted((a, b) => a - b));
      expect(own[0]).toBe(now - weeks);
      // That of the last week was cancelled.
      expect(own.at(-1)).toBeLessThan(now - 1);
    }
    expect((await readAskedWeeks(test.db, now - 60)).every(({ weeks: own }) => own.at(-1)! < now - 60)).toBe(
      true,
    );
  });

  it("reads whole weeks without stock by the ledger, whatever was taken back, and nothing of the time before it", async () => {
    await buildMarket(test.db);
    await buildFarm(test.db);
    await buildProduct(test.db, { slug: slugs[0]! });
    await buildProduct(test.db, { slug: slugs[1]! });
    const end = weekOf(testNow.getTime());
    const entry = (slug: string, week: number, day: number, deltaBase: number) => ({
      productId: productIdOf(slug),
      deltaBase,
      reason: "recount" as const,
      at: new Date(mondayOf(week) + days(day)),
    });
    await test.db.insert(stockEntries).values([
      entry(slugs[0]!, end - 40, 2, 500),
      // Gone on a Wednesday, counted as gone once more, back on a Tuesday.
      entry(slugs[0]!, end - 30, 2, -500),
      entry(slugs[0]!, end - 27, 3, 0),
      entry(slugs[0]!, end - 25, 1, 700),
      entry(slugs[0]!, end - 12, 0, -700),
      entry(slugs[0]!, end - 11, 3, 10),
      // Gone for good.
      entry(slugs[0]!, end - 3, 1, -10),
      // Within two weeks: neither is whole.
      entry(slugs[1]!, end - 40, 0, 500),
      entry(slugs[1]!, end - 20, 1, -500),
      entry(slugs[1]!, end - 19, 2, 500),
      entry(slugs[1]!, end, 0, -500),
    ]);
    expect(await readAbsentWeeks(test.db, end)).toEqual([
      { product: productIdOf(slugs[0]!), from: end - 29, to: end - 26 },
      { product: productIdOf(slugs[0]!), from: end - 12, to: end - 12 },
      { product: productIdOf(slugs[0]!), from: end - 2, to: end - 1 },
    ]);
    expect((await readAbsentWeeks(test.db, end - 28))[0]).toMatchObject({ from: end - 29, to: end - 29 });
    const sale = { id: newId<StallSaleId>(), at: new Date(mondayOf(end - 9)) };
    await test.db.insert(stallSales).values({
      ...sale,
      farmId: oak,
      marketId: marketIdOf("riverside"),
      productId: productIdOf(slugs[1]!),
      variantId: variantIdOf(slugs[1]!),
      quantityBase: 500,
      unitPriceCents: 1,
      unitPricePer: 1,
      totalCents: 500,
      feeCents: 0,
      tender: "cash",
      marketDay: sale.at.toISOString().slice(0, 10),
      idempotencyKey: "till-1",
      soldAt: sale.at,
      undoneAt: new Date(mondayOf(end - 7)),
    });
    const absentOf = async () =>
      (await readAbsentWeeks(test.db, end)).filter(({ product }) => product === productIdOf(slugs[1]!));
    await test.db.insert(stockEntries).values([
      { ...entry(slugs[1]!, end - 9, 0, -500), idempotencyKey: `stall:${sale.id}` },
      { ...entry(slugs[1]!, end - 7, 0, 500), idempotencyKey: `stall:${sale.id}:undo` },
    ]);
    expect(await absentOf()).toEqual([]);
    await test.db.update(stallSales).set({ undoneAt: null });
    expect(await absentOf()).toMatchObject([{ from: end - 9, to: end - 8 }]);
  });

  it("serves by the latest year where there is no network and no season, and tells farms of their own alone", async () => {
    await fill();
    const run = await train();
    expect(run).toMatchObject({ status: "DONE" });
    const { metrics, isChampion, lineage, type } = await champion();
    expect({ isChampion, type }).toEqual({ isChampion: true, type: "SEASONAL_PATTERN" });
    expect(lineage).toMatchObject({ goldenPredictions: 20, seed: 1 });
    expect(metrics).toMatchObject({ servedBy: "share of the latest year", rowsTested: 8 * slugs.length });
    expect(metrics.verdict).toContain("no network is installed");
    expect(metrics.calibration!.length).toBeGreaterThan(0);
    const told = await tomas().ml.season({ farmId: oak, productId: tomato, weeks: 3 });
    expect(told.markets).toHaveLength(1);
    expect(told.markets[0]!.weeks.map(({ monday }) => monday)).toEqual([
      "2025-08-11",
      "2025-08-18",
      "2025-08-25",
    ]);
    for (const { chance, servedBy, version } of told.markets[0]!.weeks) {
      expect(chance).toBeGreaterThan(0);
      expect(chance).toBeLessThan(1);
      expect({ servedBy, version }).toEqual({ servedBy: "share of the latest year", version: 1 });
    }
    const fern = as("fern", { farmIds: [bank] });
    expect(await reasonOf(fern.ml.season({ farmId: oak, productId: tomato }))).toBe("farm_not_found");
    expect(await reasonOf(fern.ml.season({ farmId: bank, productId: tomato }))).toBe("product_not_found");
    const input = {
      product: numberOf(tomato),
      market: numberOf(marketIdOf("riverside")),
      week: weekOf(testNow.getTime()),
    };
    expect(await operator().ml.predict({ name: "season", input })).toMatchObject({
      score: told.markets[0]!.weeks[0]!.chance,
      servedBy: "share of the latest year",
    });
    expect(await reasonOf(tomas().ml.predict({ name: "season", input }))).toBe("right_missing");
    for (const wrong of [{}, { ...input, product: -1 }, { ...input, week: 1e6 }, { ...input, more: 1 }])
      expect(await reasonOf(operator().ml.predict({ name: "season", input: wrong }))).toBe("input_invalid");
  });

  it("serves by the network where it wins, is renewed each week, and does without one that fails", async () => {
    await fill();
    await train(knowing);
    expect((await champion()).metrics).toMatchObject({ servedBy: "chosen by product" });
    const { markets } = await tomas().ml.season({ farmId: oak, productId: tomato, weeks: 12 });
    const chances = markets[0]!.weeks;
    expect(chances.slice(0, 8).every(({ servedBy }) => servedBy === "network")).toBe(true);
    expect(chances.slice(8).every(({ servedBy }) => servedBy === "share of the latest year")).toBe(true);
    const [high, low] = [0, 1].map((side) => chances[(weekOf(testNow.getTime()) + side) % 2]!.chance);
    expect([high, low]).toEqual([0.95, 0.05]);
    clock.advance(days(7));
    const failing: SeasonalNetwork = () => Promise.reject(new Error("out of memory"));
    const run = await train(failing, 2);
    expect(run).toMatchObject({ status: "DONE" });
    // Nobody ordered in the week that passed, of which the champion had told that all is asked for.
    expect(run.verdict).toContain("is not worse beyond doubt: it is live");
    const { metrics } = await operator().ml.models.card({ versionId: run.versionId! });
    expect(metrics.verdict).toContain("the network failed");
    // There is no week that neither knew.
    const renewed = await train(knowing, 3);
    expect(renewed.verdict).toContain("it is live");
    expect((await champion()).id).toBe(renewed.versionId);
    expect((await operator().ml.models.verify()).versions.filter(({ problem }) => problem)).toEqual([]);
  });
});
