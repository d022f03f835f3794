import { malformedRow, readCsv, type CsvRow } from "./csv.ts";

/** A source product: one item of an assortment, such as one size of one brand. */
export interface SourceItem {
  readonly product: string;
  readonly department: string;
  readonly category: string;
  readonly type: string;
  readonly brand: string;
  readonly size: string;
}

/** One line of a receipt, in cents. */
export interface ReceiptLine {
  readonly household: string;
  readonly basket: string;
  readonly product: string;
  readonly quantity: number;
  /** What the shop took for the line, after its own discounts. */
  readonly paidCents: number;
  readonly discountCents: number;
  readonly at: Date;
}

export interface Receipts {
  readonly lines: readonly ReceiptLine[];
  readonly rows: number;
  readonly zeroQuantity: number;
  readonly unlistedProduct: number;
}

/** The assortment, by source product. Items without a type are left out: they have no name to sell under. */
export async function readItems(path: string): Promise<Map<string, SourceItem>> {
  const items = new Map<string, SourceItem>();
  for await (const { line, cell } of readCsv(path, ["product", "department", "category", "type"])) {
    const [product, department, type] = [cell("product"), cell("department"), cell("type")];
    if (product === "") throw malformedRow(path, line, "the product has no number");
    if (items.has(product)) throw malformedRow(path, line, `product ${product} is listed twice`);
    if (department === "" || type === "" || type === "NA") continue;
    items.set(product, {
      product,
      department,
      category: cell("category"),
      type,
      brand: cell("brand"),
      size: cell("size"),
    });
  }
  return items;
}

/**
 * Receipt lines of several files, oldest file first; what cannot be sold is counted, what cannot be read is refused.
 *
 * @throws AppError `input_invalid` naming file and line
 */
export async function readReceipts(
  paths: readonly string[],
  items: ReadonlyMap<string, SourceItem>,
  onRows: (rows: number) => void,
): Promise<Receipts> {
  const lines: ReceiptLine[] = [];
  let rows = 0;
  let zeroQuantity = 0;
  let unlistedProduct = 0;
  for (const path of paths) {
    const wanted = [
      "household",
      "basket",
      "product",
      "qty",
      "sales_value",
      "retail_disc",
      "coupon_match_disc",
      "ts",
    ];
    for await (const row of readCsv(path, wanted)) {
      const receipt = parseLine(path, row);
      rows += 1;
      if (rows % 5_000 === 0) onRows(rows);
      if (receipt.quantity === 0) zeroQuantity += 1;
      else if (!items.has(receipt.product)) unlistedProduct += 1;
      else lines.push(receipt);
    }
  }
  onRows(rows);
  return { lines, rows, zeroQuantity, unlistedProduct };
}

function parseLine(path: string, { line, cell }: CsvRow): ReceiptLine {
  const number = (name: string): number => {
    const text = cell(name);
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value))
      throw malformedRow(path, line, `${name} is not a number`);
    if (value < 0) throw malformedRow(path, line, `${name} is below zero`);
    return value;
  };
  const quantity = number("qty");
  if (!Number.isInteger(quantity)) throw malformedRow(path, line, "qty is not a whole number");
  for (const name of ["household", "basket", "product"]) {
    if (cell(name) === "") throw malformedRow(path, line, `${name} is empty`);
  }
  return {
    household: cell("household"),
    basket: cell("basket"),
    product: cell("product"),
    quantity,
    paidCents: Math.round(number("sales_value") * 100),
    discountCents: Math.round((number("retail_disc") + number("coupon_match_disc")) * 100),
    at: parseStamp(cell("ts")) ?? refuseStamp(path, line),
  };
}

/** "2017-01-31 18:05:00" as a moment in UTC; `undefined` for another form and for 31 February. */
function parseStamp(stamp: string): Date | undefined {
  if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(stamp)) return undefined;
  const at = new Date(`${stamp.replace(" ", "T")}Z`);
  const isReal = !Number.isNaN(at.getTime()) && at.toISOString().startsWith(stamp.replace(" ", "T"));
  return isReal ? at : undefined;
}

function refuseStamp(path: string, line: number): never {
  throw malformedRow(path, line, "ts is not a time such as 2017-01-31 18:05:00");
}
