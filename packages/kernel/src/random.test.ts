import { describe, expect, it } from "vitest";
import { distanceKm } from "./geo.ts";
import { seededRng, type Rng } from "./random.ts";

describe("seeded randomness", () => {
  it("repeats itself for the same seed and not for another", () => {
    const take = (count: number, rng: Rng) => Array.from({ length: count }, () => rng.next());
    const draw = (seed: number) => take(5, seededRng(seed));
    expect(draw(42)).toEqual(draw(42));
    expect(draw(42)).not.toEqual(draw(43));
  });

  it("has streams that do not move each other", () => {
    const rng = seededRng(1);
    const before = rng.fork("orders").next();
    rng.next();
    expect(rng.fork("orders").next()).toBe(before);
  });

  it("is uniform, normal and Poisson to within three standard errors of 100,000 draws", () => {
    const rng = seededRng(7);
    const n = 100_000;
    const mean = (draw: () => number) => Array.from({ length: n }, draw).reduce((a, b) => a + b, 0) / n;
    expect(Math.abs(mean(() => rng.next()) - 0.5)).toBeLessThan((3 * Math.sqrt(1 / 12)) / Math.sqrt(n));
    expect(Math.abs(mean(() => rng.normal()))).toBeLessThan(3 / Math.sqrt(n));
    expect(Math.abs(mean(() => rng.poisson(4)) - 4)).toBeLessThan((3 * 2) / Math.sqrt(n));
  });

  it("draws by weight and shuffles without loss", () => {
    const rng = seededRng(3);
    const counts = [0, 0, 0];
    for (let i = 0; i < 30_000; i++) counts[rng.weighted([1, 0, 3])]! += 1;
    expect(counts[1]).toBe(0);
    expect(counts[2]! / counts[0]!).toBeGreaterThan(2.8);
    expect(rng.shuffle([1, 2, 3, 4, 5]).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
  });
});

describe("distance on the globe", () => {
  it("from New York to London is 5,570 km, within 0.6 %", () => {
    const km = distanceKm(
      { latitude: 40.7128, longitude: -74.006 },
      { latitude: 51.5074, longitude: -0.1278 },
    );
    expect(Math.abs(km - 5570) / 5570).toBeLessThan(0.006);
  });
});
