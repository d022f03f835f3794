import { describe, expect, it } from "vitest";
import { wishOf } from "./plan-wish.ts";

const product = "962d161a-462e-862a-b1ed-4300e2235e74";
const ask = (text: string) => wishOf(new URLSearchParams(text), "2026-11-25", "g");

describe("what an address asks to be planned", () => {
  it("is nothing before a product is chosen", () => {
    expect(ask("")).toBeUndefined();
    expect(ask("product=x")).toBeUndefined();
  });

  it("takes the usual value for what cannot be read", () => {
    expect(ask(`product=${product}&from=2026-02-30&weeks=999&share=7&aWeek=lots`)).toEqual({
      productId: product,
      from: "2026-11-25",
      weeks: 26,
      share: 0.5,
    });
    expect(ask(`product=${product}&from=2027-05-03&weeks=8&share=0.9&aWeek=12,5`)).toEqual({
      productId: product,
      from: "2027-05-03",
      weeks: 8,
      share: 0.9,
      baseAWeek: 12_500,
    });
  });
});
