import { describe, expect, it } from "vitest";
import {
  matchCompany,
  titleCompanyCount,
  titleLeadCount,
  titleLeadNames,
  writeLeads,
} from "./title-company.ts";
import { titleMatchCount, titleMatchNames, viewTitle } from "./title-match.ts";

describe("a title among the others", () => {
  const titles = ["Acme kitchen sink", "Acme steel sink", "Sink strainer", "Zenith faucet"].map(viewTitle);
  const of = (place: number, among = titles): number[] => {
    const out = new Float32Array(titleCompanyCount);
    matchCompany(among, place, out, 0);
    return [...out].map((share) => Math.round(share * 3));
  };

  it("shares heads and first words with some of them", () => {
    expect(of(0)).toEqual([1, 1, 2, 1]);
    expect(of(2)).toEqual([0, 0, 0, 2]);
    expect(of(3)).toEqual([0, 0, 0, 0]);
  });

  it("shares nothing alone", () => {
    expect(of(0, [titles[0]!])).toEqual([0, 0, 0, 0]);
  });
});

describe("leads over the other candidates", () => {
  it("are differences from the mean of what is known", () => {
    const width = titleMatchCount + titleLeadCount;
    const values = new Float32Array(3 * width);
    const coverage = titleMatchNames.indexOf("coverage");
    [0.2, 0.8, NaN].forEach((value, row) => (values[row * width + coverage] = value));
    writeLeads(values, width, titleMatchCount);
    const place = titleMatchCount + titleLeadNames.indexOf("coverageAhead");
    const leads = [0, 1, 2].map((row) => values[row * width + place]!);
    expect(leads[0]).toBeCloseTo(-0.3, 6);
    expect(leads[1]).toBeCloseTo(0.3, 6);
    expect(leads[2]).toBeNaN();
    expect(titleLeadNames).not.toContain("Ahead");
  });
});
