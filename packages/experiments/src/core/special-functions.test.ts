import { describe, expect, it } from "vitest";
import {
  chiSquareTail,
  incompleteBeta,
  logGamma,
  normalCdf,
  normalQuantile,
  studentCdf,
  studentQuantile,
} from "./special-functions.ts";

// Values of the NIST/SEMATECH tables and of the closed forms beside them.
describe("distribution functions", () => {
  it.each([
    [0, 0.5],
    [1, 0.8413447460685429],
    [1.959963984540054, 0.975],
    [-3, 0.001349898031630094],
    [-6, 9.865876450376946e-10],
  ])("normal: at most %d with probability %d", (z, probability) => {
    expect(normalCdf(z) / probability).toBeCloseTo(1, 9);
  });

  it.each([
    [0.975, 1.959963984540054],
    [0.995, 2.5758293035489004],
    [0.5, 0],
    [0.0005, -3.2905267314919255],
    [1e-9, -5.997807015007687],
  ])("normal: the %d quantile is %d", (probability, z) => {
    expect(normalQuantile(probability)).toBeCloseTo(z, 8);
  });

  it.each([
    [3.841458820694124, 1, 0.05],
    [10.827566170662733, 1, 0.001],
    [5.991464547107979, 2, 0.05],
    [18.307038053275146, 10, 0.05],
    [4, 2, Math.exp(-2)],
  ])("chi-square: above %d with %d degrees of freedom in a share of %d", (x, freedom, tail) => {
    expect(chiSquareTail(x, freedom)).toBeCloseTo(tail, 10);
  });

  it.each([
    [0.975, 1, 12.706204736432095],
    [0.975, 2, 4.302652729911275],
    [0.975, 10, 2.2281388519649385],
    [0.95, 30, 1.697260886593957],
    [0.975, 1e9, 1.959963984540054],
  ])("Student: the %d quantile with %d degrees of freedom is %d", (probability, freedom, t) => {
    expect(studentQuantile(probability, freedom)).toBeCloseTo(t, 6);
    expect(studentCdf(t, freedom)).toBeCloseTo(probability, 8);
  });

  it("gamma and beta agree with factorials and with the uniform distribution", () => {
    expect(logGamma(11)).toBeCloseTo(Math.log(3_628_800), 10);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 12);
    expect(incompleteBeta(0.3, 1, 1)).toBeCloseTo(0.3, 12);
    // I_x(2, 3) = 6x² - 8x³ + 3x⁴
    expect(incompleteBeta(0.6, 2, 3)).toBeCloseTo(6 * 0.36 - 8 * 0.216 + 3 * 0.1296, 12);
  });

  it("quantile and distribution undo each other over the whole range", () => {
    for (let p = 0.001; p < 1; p += 0.037) expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 12);
  });
});
