import { describe, expect, it } from "vitest";
import { priceOn, type OwnPrice, type PriceAhead } from "./own-prices.ts";

const day = (count: number) => new Date(86_400_000 * count);
const at = (count: number) => day(count).getTime();
/** Ordering closes on day 18, walk-ins come on day 20. */
const saturday = { ordersUntil: at(18), walkInsAt: at(20) };
const price = (ahead: readonly PriceAhead[] = [], priceCents = 490): OwnPrice => ({
  priceCents,
  changes: [{ at: day(5), beforeCents: 440 }],
  ahead,
});
const plan = (from: number, to: number | null, more: Partial<PriceAhead> = {}): PriceAhead => ({
  priceCents: 420,
  startsAt: day(from),
  endsAt: to === null ? null : day(to),
  beforeCents: null,
  ...more,
});

describe("what is asked on a market day", () => {
  it("is what was asked then, and of a day to come the price as it is set now", () => {
    expect(priceOn(price(), { ordersUntil: at(3), walkInsAt: at(4) }, 0.5)).toEqual({ cents: 440 });
    expect(priceOn(price(), saturday, 0.5)).toEqual({ cents: 490 });
  });

  it("is between both prices where it was changed after ordering closed, by what walk-ins buy", () => {
    const times = { ordersUntil: at(4), walkInsAt: at(6) };
    expect(priceOn(price(), times, 0).cents).toBeCloseTo(440, 9);
    expect(priceOn(price(), times, 1).cents).toBeCloseTo(490, 9);
    expect(priceOn(price(), times, 0.5).cents).toBeCloseTo(Math.sqrt(440 * 490), 9);
  });

  it("is what is planned for all who buy for it, for those who order, or for walk-ins alone", () => {
    expect(priceOn(price([plan(12, 21)]), saturday, 0.4)).toEqual({
      cents: 420,
      planned: { cents: 420, who: "all" },
    });
    expect(priceOn(price([plan(12, 19)]), saturday, 0).planned).toEqual({ cents: 420, who: "orders" });
    const walkIns = priceOn(price([plan(19, 21)]), saturday, 0.4);
    expect(walkIns.planned).toEqual({ cents: 420, who: "walk-ins" });
    expect(walkIns.cents).toBeCloseTo(490 ** 0.6 * 420 ** 0.4, 9);
  });

  it("stays as planned where no end was planned, and a later plan goes over it", () => {
    const staying = plan(10, null, { priceCents: 520 });
    expect(priceOn(price([staying]), saturday, 0.4).cents).toBe(520);
    expect(priceOn(price([staying, plan(12, 21)]), saturday, 0.4).cents).toBe(420);
  });

  it("is what was asked before, once a price that holds now is over", () => {
    const running = plan(1, 15, { beforeCents: 490 });
    expect(priceOn(price([running], 420), saturday, 0.4)).toEqual({ cents: 490 });
    expect(priceOn(price([running], 420), { ordersUntil: at(14), walkInsAt: at(14) }, 0.4).cents).toBe(420);
  });

  it("is what was set by hand over a plan that holds, also after its end", () => {
    const running = plan(1, 19, { beforeCents: 490 });
    expect(priceOn(price([running], 460), saturday, 0.4)).toEqual({ cents: 460 });
  });

  it("is not known where it costs nothing", () => {
    expect(priceOn(price([], 0), saturday, 0.4).cents).toBeNaN();
    expect(priceOn(price([plan(19, 21, { priceCents: 0 })]), saturday, 0.4).cents).toBeNaN();
  });
});
