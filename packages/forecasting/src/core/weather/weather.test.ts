import { describe, expect, it } from "vitest";
import { latitudeClimatology, learnedClimatology } from "./climatology.ts";
import type { DayWeather } from "./climatology.ts";
import { weatherColumns } from "./weather-columns.ts";
import { offlineWeather, weatherFrom } from "./weather-source.ts";

const july = 19_550; // 12 July 2023
const january = 19_370; // 13 January 2023
const place = { latitude: 45, longitude: 9 };

describe("the climate of a latitude", () => {
  it("is warm in July in the north and in January in the south, and steady at the equator", () => {
    const north = latitudeClimatology(45);
    expect(north.temperatureC(july) - north.temperatureC(january)).toBeGreaterThan(18);
    const south = latitudeClimatology(-35);
    expect(south.temperatureC(january)).toBeGreaterThan(south.temperatureC(july) + 10);
    const middle = latitudeClimatology(0);
    expect(Math.abs(middle.temperatureC(july) - middle.temperatureC(january))).toBeLessThan(3);
    for (const latitude of [-90, -12.5, 0, 70, 90]) {
      expect(latitudeClimatology(latitude).wetChance(july)).toBeGreaterThan(0);
    }
  });
});

describe("a climate learned from readings", () => {
  const year = Array.from({ length: 730 }, (_, t): DayWeather => {
    const angle = (2 * Math.PI * (january + t)) / 365.2425;
    return {
      day: january + t,
      temperatureC: 6 - 4 * Math.cos(angle),
      // Wet in winter, dry in summer.
      rainMm: (t * 0.618) % 1 < 0.4 + 0.3 * Math.cos(angle) ? 5 : 0,
    };
  });

  it("is that of the place and not of its latitude", () => {
    const learned = learnedClimatology(year, 45);
    expect(learned.source).toBe("readings");
    // Sixty days' weight of the latitude is still in it after two years: within a degree.
    expect(Math.abs(learned.temperatureC(july) - 10)).toBeLessThan(1);
    expect(Math.abs(learned.temperatureC(january) - 2)).toBeLessThan(1);
    expect(learned.wetChance(january)).toBeGreaterThan(0.55);
    expect(learned.wetChance(july)).toBeLessThan(0.25);
  });

  it("stays near the latitude's with few readings, and is the latitude's without any", () => {
    const few = learnedClimatology(year.slice(0, 3), 45);
    expect(Math.abs(few.temperatureC(july) - latitudeClimatology(45).temperatureC(july))).toBeLessThan(8);
    const gaps = [{ day: january, temperatureC: null, rainMm: null }];
    expect(learnedClimatology(gaps, 45).source).toBe("latitude");
    expect(learnedClimatology(gaps, 45).temperatureC(july)).toBe(latitudeClimatology(45).temperatureC(july));
  });
});

describe("weather over history and horizon", () => {
  const readings = [
    { day: july, rainMm: 4, temperatureC: 30 },
    { day: july + 1, rainMm: 0.4, temperatureC: null },
  ];

  it("takes readings where there are some, else the climate, else nothing", () => {
    const climate = latitudeClimatology(45);
    const { rain, warmth, basis } = weatherColumns(readings, climate, july, 3);
    expect(rain).toEqual([1, 0, climate.wetChance(july + 2)]);
    expect(basis).toEqual(["read", "read", "usual"]);
    expect(warmth[0]).toBeGreaterThan(0);
    expect(warmth.slice(1)).toEqual([0, 0]);
    expect(weatherColumns(readings, undefined, july, 3)).toEqual({
      rain: [1, 0, null],
      warmth: [null, null, null],
      basis: ["read", "read", "unavailable"],
    });
  });

  it("is the climate with the offline source, and with one that fails, which is told", async () => {
    const failures: unknown[] = [];
    const broken = { read: () => Promise.reject(new Error("no network")) };
    const options = {
      place,
      firstPeriod: july,
      length: 2,
      onFailure: (cause: unknown) => void failures.push(cause),
    };
    const offline = await weatherFrom({ ...options, source: offlineWeather });
    expect(offline!.basis).toEqual(["usual", "usual"]);
    expect(await weatherFrom({ ...options, source: broken })).toEqual(offline);
    expect(failures).toHaveLength(1);
    expect(
      await weatherFrom({ ...options, source: { read: () => Promise.resolve(readings) } }),
    ).toMatchObject({
      basis: ["read", "read"],
    });
  });

  it("is nothing when it is switched off", async () => {
    expect(await weatherFrom({ place, firstPeriod: july, length: 2, source: "off" })).toBeUndefined();
  });
});
