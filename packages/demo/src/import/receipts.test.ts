import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { buildAssortment } from "./assortment.ts";
import { readItems, readReceipts } from "./receipts.ts";
import { itemRows, receiptFolder, receiptRows } from "./testing/receipt-folder.ts";

async function readAll(folder: string) {
  const items = await readItems(join(folder, "items.csv.gz"));
  const receipts = await readReceipts([join(folder, "train.csv.gz")], items, () => {});
  return { items, receipts };
}

describe("reading receipts", () => {
  it("counts what cannot be sold, and keeps the rest to the cent", async () => {
    await using folder = await receiptFolder();
    const { items, receipts } = await readAll(folder.path);
    expect([...items.keys()]).toEqual(["101", "102", "103", "104"]);
    expect(receipts).toMatchObject({ rows: 6, zeroQuantity: 1, unlistedProduct: 1 });
    expect(receipts.lines[0]).toEqual({
      household: "1",
      basket: "501",
      product: "101",
      quantity: 2,
      paidCents: 300,
      discountCents: 100,
      at: new Date("2017-03-04T18:05:00Z"),
    });
    expect(receipts.lines.at(-1)).toMatchObject({ paidCents: 180, discountCents: 20 });
  });

  it.each([
    ["1,9,501,101,x,3,0,0,0,1,2017-03-04 18:05:00", "qty is not a number"],
    ["1,9,501,101,1.5,3,0,0,0,1,2017-03-04 18:05:00", "qty is not a whole number"],
    ["1,9,501,101,1,-3,0,0,0,1,2017-03-04 18:05:00", "sales_value is below zero"],
    ["1,9,501,101,1,3,,0,0,1,2017-03-04 18:05:00", "retail_disc is not a number"],
    [",9,501,101,1,3,0,0,0,1,2017-03-04 18:05:00", "household is empty"],
    ["1,9,501,101,1,3,0,0,0,1,2017-02-31 18:05:00", "ts is not a time"],
    ["1,9,501,101,1,3,0,0,0,1,yesterday", "ts is not a time"],
    ["1,9,501,101,1", "5 cells where the header has 11"],
  ])("refuses the row %j by file and line", async (row, problem) => {
    await using folder = await receiptFolder({ receipts: [receiptRows[0]!, row] });
    await expect(readAll(folder.path)).rejects.toThrow(`train.csv.gz, line 3: ${problem}`);
  });

  it("refuses an item that is listed twice or has no number", async () => {
    await using twice = await receiptFolder({ items: [...itemRows, itemRows[0]!] });
    await expect(readAll(twice.path)).rejects.toThrow("items.csv.gz, line 7: product 101 is listed twice");
    await using nameless = await receiptFolder({ items: [",1,PRODUCE,Private,A,B,C"] });
    await expect(readAll(nameless.path)).rejects.toThrow("items.csv.gz, line 2: the product has no number");
  });
});

describe("the assortment of receipts", () => {
  const assortmentOf = async () => {
    await using folder = await receiptFolder();
    const { items, receipts } = await readAll(folder.path);
    return buildAssortment(receipts.lines, items);
  };

  it("makes a type within its department a product, and its source products the variants, most sold first", async () => {
    const { products, productOf } = await assortmentOf();
    expect(products.map(({ name }) => name).sort()).toEqual(["Milk, whole", "Roma tomatoes"]);
    const tomatoes = productOf.get("101")!;
    expect(productOf.get("102")).toBe(tomatoes);
    expect(tomatoes.variants.map(({ source, name }) => [source, name])).toEqual([
      ["101", "1 lb, own make, no. 101"],
      ["102", "each, branded, no. 102"],
    ]);
    expect(tomatoes.firstSoldAt).toEqual(new Date("2017-03-04T18:05:00Z"));
  });

  it("lists the price before discounts, and each change of it", async () => {
    const { variantOf } = await assortmentOf();
    expect(variantOf.get("101")!.prices).toEqual([
      { at: new Date("2017-03-04T18:05:00Z"), unitPriceCents: 200 },
      { at: new Date("2017-05-06T10:00:00Z"), unitPriceCents: 250 },
    ]);
    expect(variantOf.get("102")!.prices.map(({ unitPriceCents }) => unitPriceCents)).toEqual([200]);
  });

  it("puts a product in the category that most of its lines are of, or in its department", async () => {
    const items = [
      "1,1,GROCERY,Private,CHEESE,STRING CHEESE,1 LB",
      "2,1,GROCERY,Private,DAIRY SNACKS,STRING CHEESE,1 LB",
      "3,1,DELI,Private,NA,SALAD,1 LB",
    ];
    const receipts = ["1", "1", "2", "3"].map(
      (product, n) => `1,9,${n},${product},1,1.00,0,0,0,1,2017-03-04 18:05:00`,
    );
    await using folder = await receiptFolder({ items, receipts });
    const read = await readAll(folder.path);
    const { products, categories } = buildAssortment(read.receipts.lines, read.items);
    expect(Object.fromEntries(products.map(({ name, category }) => [name, category]))).toEqual({
      Salad: "deli",
      "String cheese": "cheese",
    });
    expect(categories.map(({ slug }) => slug)).toEqual(["cheese", "deli"]);
  });

  it("gives every department farms of its own, of at most forty products each", async () => {
    const items = Array.from({ length: 90 }, (_, n) => `${n},1,PRODUCE,Private,VEG,TYPE ${n},1 LB`);
    const receipts = items.map((_, n) => `1,9,${n},${n},1,1.00,0,0,0,1,2017-03-04 18:05:00`);
    await using folder = await receiptFolder({ items, receipts });
    const read = await readAll(folder.path);
    const { farms, products } = buildAssortment(read.receipts.lines, read.items);
    expect(farms).toHaveLength(3);
    const sizes = [...Map.groupBy(products, ({ farm }) => farm.id).values()].map((own) => own.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(40);
    expect(new Set(products.map(({ slug }) => slug)).size).toBe(90);
  });
});
