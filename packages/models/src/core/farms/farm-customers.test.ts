import { describe, expect, it } from "vitest";
import { bySalesOf, farmCustomerValue, type FarmCustomer } from "./farm-customers.ts";

const customer: FarmCustomer = {
  allCents: 10_000,
  farmCents: 4_000,
  costedCents: 4_000,
  costCents: 1_600,
  valueCents: 5_000,
  isAtRisk: false,
  churnProbability: 0.1,
};
const ten = (change: Partial<FarmCustomer> = {}): FarmCustomer[] =>
  Array.from({ length: 10 }, () => ({ ...customer, ...change }));

describe("what a farm's shoppers are worth to it", () => {
  it("is its share of what each is expected to spend, less fees and costs", () => {
    // Of 5,000 cents 40 % are the farm's; .6 of that is left after costs, .5 after a fee of a tenth.
    expect(farmCustomerValue(ten(), 0.1)).toEqual({
      kind: "told",
      customers: 10,
      salesCents: 20_000,
      costedShare: 1,
      marginCents: 10_000,
    });
  });

  it("follows what each buys: who buys what costs more is worth less", () => {
    const dear = ten({ costCents: 3_600 });
    // .6 of the one and .1 of the other, ten of each.
    expect(farmCustomerValue([...ten(), ...dear], 0)).toMatchObject({ marginCents: 12_000 + 2_000 });
  });

  it("takes products without a cost for the mean of those with one, and tells how much has one", () => {
    const told = farmCustomerValue(ten({ costedCents: 2_000, costCents: 800 }), 0);
    expect(told).toMatchObject({ costedShare: 0.5, marginCents: 12_000 });
  });

  it("is sales alone where of less than half the cost is known", () => {
    const told = farmCustomerValue(ten({ costedCents: 1_900, costCents: 800 }), 0);
    expect(told).toMatchObject({ kind: "told", salesCents: 20_000 });
    expect(told).not.toHaveProperty("marginCents");
  });

  it("may be a loss", () => {
    expect(farmCustomerValue(ten({ costCents: 4_400 }), 0.1)).toMatchObject({ marginCents: -4_000 });
  });

  it("tells of those who may stay away what is likely lost, and of fewer than ten of them nothing", () => {
    const leaving = ten({ isAtRisk: true, churnProbability: 0.5 });
    const atRisk = { customers: 10, lostCents: 0.5 * 12_000 };
    expect(farmCustomerValue([...ten(), ...leaving], 0)).toMatchObject({ atRisk });
    expect(farmCustomerValue([...ten(), ...leaving.slice(1)], 0)).not.toHaveProperty("atRisk");
    // The nine who stay would follow from all and from those who may not.
    expect(farmCustomerValue([...ten().slice(1), ...leaving], 0)).not.toHaveProperty("atRisk");
    expect(farmCustomerValue(leaving, 0)).toMatchObject({ atRisk });
  });

  it("follows what the farm's own version expects: what is left and what is at risk go with the sales", () => {
    const told = farmCustomerValue([...ten(), ...ten({ isAtRisk: true, churnProbability: 0.5 })], 0);
    if (told.kind !== "told") throw new Error("twenty are told of");
    expect(bySalesOf(told, 20_000)).toEqual({
      ...told,
      salesCents: 20_000,
      marginCents: 12_000,
      atRisk: { customers: 10, lostCents: 3_000 },
    });
  });

  it("tells nothing of fewer than ten people, and counts nobody who bought nothing here", () => {
    const none = { farmCents: 0, costedCents: 0, costCents: 0 };
    expect(farmCustomerValue([...ten().slice(1), ...ten(none)], 0)).toEqual({ kind: "too-few", needed: 10 });
    expect(farmCustomerValue([], 0)).toEqual({ kind: "too-few", needed: 10 });
  });
});
