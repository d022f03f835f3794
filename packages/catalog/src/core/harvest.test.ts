import { idFromName, type FarmId, type ProductId } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { assertHarvestDays, harvestBook, type HarvestRow } from "./harvest.ts";

const productId = idFromName<ProductId>("test", "tomato");
const farmId = idFromName<FarmId>("test", "farm");
const days = (firstDay: string) => ({ firstDay, peakStart: "07-01", peakEnd: "09-01", lastDay: "10-01" });
const row = (firstDay: string, scope: Partial<HarvestRow>): HarvestRow => ({
  crop: "tomato",
  region: "",
  kind: "field",
  ...days(firstDay),
  ...scope,
});
const cropRow = row("06-01", {});
const regionRow = row("06-02", { region: "Hudson Valley" });
const farmRow = row("06-03", { farmId });
const productRow = row("06-04", { productId });
const place = { productId, farmId, crop: "tomato", region: "Hudson Valley", latitude: 41.7 };
const found = (rows: HarvestRow[], at = place) => harvestBook(rows).find(at);

describe("the harvest of a product", () => {
  it.each([
    ["product", [cropRow, regionRow, farmRow, productRow], "06-04"],
    ["farm", [cropRow, regionRow, farmRow], "06-03"],
    ["region", [regionRow, cropRow], "06-02"],
    ["crop", [cropRow], "06-01"],
  ] as const)("comes from the most specific level there is: %s", (scope, rows, firstDay) => {
    expect(found([...rows])).toMatchObject({ scope, windows: [{ firstDay }] });
  });

  it("is unknown without rows, and for what grows nothing", () => {
    expect(found([])).toBeUndefined();
    expect(found([row("06-01", { crop: "" })], { ...place, crop: "" })).toBeUndefined();
  });

  it("does not take another farm's, region's or crop's", () => {
    const other = row("06-09", { farmId: idFromName<FarmId>("test", "other") });
    expect(
      found([other, row("06-08", { region: "Elsewhere" }), row("06-07", { crop: "basil" })]),
    ).toBeUndefined();
  });

  it("may come twice, in the order of the year, never mixed with a less specific level", () => {
    const harvest = found([row("09-01", { farmId }), farmRow, cropRow]);
    expect(harvest?.windows.map((window) => window.firstDay)).toEqual(["06-03", "09-01"]);
  });

  it("is the place's: the crop's own, written for the north, is turned by half a year in the south", () => {
    const south = { ...place, latitude: -38 };
    const windows = [{ firstDay: "12-01", peakStart: "01-01", peakEnd: "03-01", lastDay: "04-01" }];
    expect(found([cropRow], south)).toMatchObject({ hemisphere: "south", windows });
    expect(found([farmRow], south)).toMatchObject({ hemisphere: "south", windows: [days("06-03")] });
    expect(found([cropRow])).toMatchObject({ hemisphere: "north", windows: [days("06-01")] });
    const twice = found([cropRow, row("08-31", { peakStart: "08-31" })], south);
    expect(twice?.windows.map(({ firstDay }) => firstDay)).toEqual(["02-28", "12-01"]);
  });
});

describe("harvest days", () => {
  it("may cross New Year", () => {
    expect(() =>
      assertHarvestDays({ firstDay: "11-15", peakStart: "12-20", peakEnd: "01-31", lastDay: "03-01" }),
    ).not.toThrow();
  });

  it("may all be one day", () => {
    expect(() =>
      assertHarvestDays({ firstDay: "02-29", peakStart: "02-29", peakEnd: "02-29", lastDay: "02-29" }),
    ).not.toThrow();
  });

  it.each([
    { firstDay: "06-31", peakStart: "07-01", peakEnd: "08-01", lastDay: "09-01" },
    { firstDay: "06-01", peakStart: "08-01", peakEnd: "07-01", lastDay: "09-01" },
    { firstDay: "06-01", peakStart: "07-01", peakEnd: "09-01", lastDay: "08-01" },
    { firstDay: "June", peakStart: "07-01", peakEnd: "09-01", lastDay: "10-01" },
  ])("must exist and follow each other: %o is refused", (window) => {
    expect(() => assertHarvestDays(window)).toThrow(/harvest/);
  });
});
