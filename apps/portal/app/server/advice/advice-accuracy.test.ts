import { describe, expect, it } from "vitest";
import { accuracyWords } from "./advice-accuracy.ts";

describe("how near advice came", () => {
  const told = { days: 24, offShare: 0.28, asBeforeShare: 0.4, lessError: 0.3 };

  it("is told beside bringing as much as the time before", () => {
    expect(accuracyWords(told)).toMatch(
      /off by 28\u00a0% of .* over 24 market days .* off by 40\u00a0%: 30\u00a0% less off\./,
    );
  });

  it("does not hide that advice was further off", () => {
    expect(accuracyWords({ ...told, offShare: 0.6, lessError: -0.5 })).toMatch(
      /: 50\u00a0% more off than that\./,
    );
  });

  it("is not told from few days", () => {
    expect(accuracyWords({ ...told, days: 7, lessError: null })).toMatch(/once eight .* 7 are so far\.$/);
    expect(accuracyWords({ days: 0, offShare: null, asBeforeShare: null, lessError: null })).toMatch(
      /none is/,
    );
  });
});
