import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

export const itemsHeader = "product,manufacturer,department,brand,category,type,size";
export const receiptHeader =
  "household,store,basket,product,qty,sales_value,retail_disc,coupon_disc,coupon_match_disc,week,ts";

export const itemRows = [
  "101,1,PRODUCE,Private,TOMATOES,ROMA TOMATOES,1 LB",
  "102,1,PRODUCE,National,TOMATOES,ROMA TOMATOES,NA",
  "103,1,PRODUCE,National,HERBS,BASIL,",
  '104,2,DAIRY,National,MILK,"MILK, WHOLE",1 GA',
  "105,2,DAIRY,National,MILK,NA,1 GA",
];

export const receiptRows = [
  "1,9,501,101,2,3.00,1.00,0,0,1,2017-03-04 18:05:00",
  "1,9,501,104,1,2.49,0,0,0,1,2017-03-04 18:05:00",
  "1,9,502,101,1,2.50,0,0,0,9,2017-05-06 10:00:00",
  "2,9,503,102,1,1.80,0,0,0.20,9,2017-05-07 09:00:00",
  "2,9,503,103,0,0.00,0,0,0,9,2017-05-07 09:00:00",
  "2,9,503,105,1,2.00,0,0,0,9,2017-05-07 09:00:00",
];

/** A folder as the importer expects one, removed by `await using`. */
export async function receiptFolder({
  items = itemRows,
  receipts = receiptRows,
}: {
  items?: readonly string[];
  receipts?: readonly string[];
} = {}): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), "almanac-receipts-"));
  const write = (name: string, header: string, rows: readonly string[]) =>
    writeFile(join(path, name), gzipSync([header, ...rows, ""].join("\n")));
  await write("items.csv.gz", itemsHeader, items);
  await write("train.csv.gz", receiptHeader, receipts);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
