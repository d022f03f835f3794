import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cropSeasons } from "./crop-seasons.ts";
import { metresPerPlant, referenceCrop, referenceCrops, type Crop } from "./crops.ts";
import { dayNumber, dayOfNumber, mondayOf } from "./day-numbers.ts";
import { frostsByLatitude } from "./place.ts";
import { planSuccessions, seedsFor, supplyOf, type WeekDemand } from "./successions.ts";
import { weeklyDemand } from "./weekly-demand.ts";

const lettuce = referenceCrop("lettuce")!;
const tomato = referenceCrop("tomato")!;
const frosts = { lastFrost: "05-10", firstFrost: "10-05" };
const weeks = (from: string, count: number, base: number): WeekDemand[] =>
  Array.from({ length: count }, (_, at) => ({ week: dayOfNumber(dayNumber(from) + 7 * at), base }));

describe("successions", () => {
  it("sow 63 each week, 45 days before, for 50 heads a week at 80 % germination", () => {
    const demand = weeks("2026-07-06", 6, 50);
    const { sowings, weeks: planned } = planSuccessions({
      crop: lettuce,
      frosts,
      demand,
      today: "2026-03-01",
    });
    expect(lettuce).toMatchObject({ daysToMaturity: 45, germinationPercent: 80, yieldBasePerPlant: 1 });
    expect(sowings.map(({ sowOn, seeds, plants }) => [sowOn, seeds, plants])).toEqual(
      ["2026-05-22", "2026-05-29", "2026-06-05", "2026-06-12", "2026-06-19", "2026-06-26"].map((day) => [
        day,
        63,
        50,
      ]),
    );
    expect(planned.every(({ gap }) => gap === undefined)).toBe(true);
    // 50 plants 25 cm apart in three rows.
    expect(sowings[0]!.bedMetres).toBeCloseTo((50 * 0.25) / 3, 9);
  });

  it("flag the weeks that cannot be had, with the reason", () => {
    const demand = weeks("2026-04-06", 33, 50);
    const { weeks: planned } = planSuccessions({ crop: lettuce, frosts, demand, today: "2026-04-20" });
    const reasonOf = (week: string) => planned.find((one) => one.week === week)?.gap?.reason;
    // Outside from 10 April on, so that the first heads come on 25 May.
    expect(reasonOf("2026-04-20")).toBe("early");
    // To be sown on 17 April, which has passed.
    expect(reasonOf("2026-06-01")).toBe("past");
    expect(reasonOf("2026-06-08")).toBeUndefined();
    // Frost on 5 October, which lettuce bears until a week before.
    expect(reasonOf("2026-09-21")).toBeUndefined();
    expect(reasonOf("2026-09-28")).toBe("late");
    for (const { gap, wantedBase } of planned) if (gap) expect(gap.missingBase).toBe(wantedBase);
  });

  it("ask later weeks only for what an earlier sowing leaves open", () => {
    const demand = weeks("2026-08-03", 8, 40_000);
    const { sowings, weeks: planned } = planSuccessions({
      crop: tomato,
      frosts,
      demand,
      today: "2026-01-10",
    });
    // Nine weeks of harvest, 400 g a plant and week.
    expect(sowings).toHaveLength(1);
    expect(sowings[0]).toMatchObject({ plants: 100, seeds: 134, transplantOn: "2026-05-20" });
    expect(planned.every(({ suppliedBase }) => suppliedBase >= 40_000)).toBe(true);
  });

  it("take no more bed than there is, and say what is missing", () => {
    const demand = weeks("2026-07-06", 4, 50);
    const {
      sowings,
      weeks: planned,
      peakBedMetres,
    } = planSuccessions({
      crop: lettuce,
      frosts,
      demand,
      today: "2026-03-01",
      bedMetres: 10,
    });
    expect(peakBedMetres).toBeLessThanOrEqual(10);
    // 4.17 m each: two have room at a time, the third a part of it.
    expect(planned.map(({ gap }) => gap?.reason)).toEqual([undefined, undefined, "beds", "beds"]);
    expect(sowings[2]!.plants).toBeLessThan(50);
  });

  it("count what is sown already", () => {
    const [first] = planSuccessions({
      crop: lettuce,
      frosts,
      demand: weeks("2026-07-06", 1, 50),
      today: "2026-03-01",
    }).sowings;
    const supplied = supplyOf(first!, lettuce);
    expect([...supplied]).toEqual([["2026-07-06", 50]]);
    const again = planSuccessions({
      crop: lettuce,
      frosts,
      demand: weeks("2026-07-06", 1, 50),
      today: "2026-03-01",
      supplied,
    });
    expect(again.sowings).toEqual([]);
    expect(again.weeks[0]!.gap).toBeUndefined();
  });

  it("hold for all crops, places and demands: enough or a gap, never yesterday, never in frost, never without a bed", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...referenceCrops),
        fc.integer({ min: -60, max: 60 }),
        fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 0, max: 364 }),
        fc.option(fc.integer({ min: 0, max: 500 }), { nil: undefined }),
        (crop, latitude, wanted, start, bedMetres) => {
          const place = frostsByLatitude(latitude);
          const today = dayOfNumber(dayNumber("2026-01-01") + start);
          const monday = mondayOf(dayNumber(today));
          const demand = wanted.map((base, at) => ({ week: dayOfNumber(monday + 7 * at), base }));
          const plan = planSuccessions({
            crop,
            frosts: place,
            demand,
            today,
            ...(bedMetres !== undefined && { bedMetres }),
          });
          for (const { wantedBase, suppliedBase, gap } of plan.weeks) {
            if (!gap) expect(suppliedBase).toBeGreaterThanOrEqual(wantedBase - 1e-3);
            else expect(gap.missingBase).toBeLessThanOrEqual(wantedBase);
          }
          for (const sowing of plan.sowings) checkSowing(sowing, crop, today);
          if (bedMetres !== undefined) expect(plan.peakBedMetres).toBeLessThanOrEqual(bedMetres + 1e-6);
        },
      ),
      { numRuns: 500, seed: 11 },
    );
  });
});

function checkSowing(
  {
    sowOn,
    transplantOn,
    harvestFrom,
    harvestTo,
    seeds,
    plants,
    bedMetres,
  }: ReturnType<typeof planSuccessions>["sowings"][number],
  crop: Crop,
  today: string,
): void {
  expect(sowOn >= today).toBe(true);
  expect(dayNumber(harvestFrom) - dayNumber(sowOn)).toBe(crop.daysToMaturity);
  expect(harvestTo >= harvestFrom).toBe(true);
  if (transplantOn) expect(dayNumber(transplantOn) - dayNumber(sowOn)).toBe(crop.daysInTrays);
  expect((seeds * crop.germinationPercent) / 100).toBeGreaterThanOrEqual(plants - 1e-6);
  expect(seeds).toBe(seedsFor(plants, crop));
  expect(bedMetres).toBeCloseTo(plants * metresPerPlant(crop), 9);
}

describe("a crop's season", () => {
  it("follows frost and maturity", () => {
    const [season] = cropSeasons(tomato, frosts, 2026).filter(
      ({ harvest }) => dayOfNumber(harvest.from) > "2026-01-01",
    );
    expect({
      sow: dayOfNumber(season!.sow.from),
      transplant: dayOfNumber(season!.transplant!.from),
      harvest: dayOfNumber(season!.harvest.from),
      last: dayOfNumber(season!.harvest.to),
    }).toEqual({ sow: "2026-03-31", transplant: "2026-05-15", harvest: "2026-07-29", last: "2026-10-02" });
  });

  it("is none where the summer is too short, nor where it never freezes", () => {
    expect(cropSeasons(tomato, { lastFrost: "06-20", firstFrost: "08-10" }, 2026)).toEqual([]);
    expect(cropSeasons(tomato, undefined, 2026)).toEqual([]);
  });

  it("lies in the other half of the year in the south", () => {
    expect(frostsByLatitude(41.8)).toEqual({ lastFrost: "05-05", firstFrost: "10-01" });
    expect(frostsByLatitude(-41.8)).toEqual({ lastFrost: "11-03", firstFrost: "04-01" });
    expect(frostsByLatitude(10)).toBeUndefined();
  });
});

describe("demand by week", () => {
  const sold = Array.from({ length: 104 }, (_, at) => ({
    day: dayOfNumber(dayNumber("2024-01-06") + 7 * at),
    base: at % 52 < 26 ? 10 : 100,
  }));

  it("is a quantile of the same time in earlier years", () => {
    const wanted = weeklyDemand(sold, { from: "2026-02-02", weeks: 30, share: 0.5 });
    expect(wanted[0]).toEqual({ week: "2026-02-02", base: 10 });
    expect(wanted.at(-1)!.base).toBe(100);
    const noisy = sold.map(({ day, base }, at) => ({ day, base: base + (at % 5) }));
    const [half, most] = [0.5, 0.9].map(
      (share) => weeklyDemand(noisy, { from: "2026-02-02", weeks: 1, share })[0]!.base,
    );
    expect(most!).toBeGreaterThan(half!);
  });

  it("does not come from market days that had nothing to sell", () => {
    const wish = { from: "2026-02-02", weeks: 1, share: 0.5 };
    // Four of the ten weeks that speak for it; as nothing wanted they would halve what is.
    const gone = (base: number | null) =>
      sold.map((one, at) => ({ ...one, base: [3, 4, 5, 55, 56, 57].includes(at) ? base : one.base }));
    expect(weeklyDemand(gone(0), wish)[0]!.base).toBe(0);
    expect(weeklyDemand(gone(null), wish)[0]!.base).toBe(10);
    const week = [
      { day: "2025-02-01", base: 4 },
      { day: "2025-01-29", base: null },
    ].map((one) => ({ ...one, day: dayOfNumber(dayNumber(one.day)) }));
    // A week one of whose market days had none tells too little by the other.
    expect(weeklyDemand(week, wish)[0]!.base).toBe(0);
  });

  it("is nothing out of season, where it was never there, and lately what was sold while it was", () => {
    const never = sold.map((one, at) => ({ ...one, base: at % 52 < 10 ? null : one.base }));
    expect(weeklyDemand(never, { from: "2026-02-02", weeks: 1, share: 0.5 })[0]!.base).toBe(0);
    const lately = [...never.slice(-4), { day: dayOfNumber(dayNumber("2026-01-03")), base: null }];
    expect(weeklyDemand(lately, { from: "2026-01-05", weeks: 1, share: 0.5 })[0]!.base).toBe(100);
  });

  it("is what was sold lately where there is no earlier year, and nothing of nothing", () => {
    const recent = sold.slice(-10).map(({ day }) => ({ day, base: 7 }));
    expect(
      weeklyDemand(recent, { from: "2026-01-05", weeks: 2, share: 0.8 }).map(({ base }) => base),
    ).toEqual([7, 7]);
    expect(weeklyDemand([], { from: "2026-01-05", weeks: 1, share: 0.8 })[0]!.base).toBe(0);
  });
});
