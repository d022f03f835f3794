import { fnv1a, idFromName, type FarmId, type ProductId, type VariantId } from "@almanac/kernel";
import { pictureFor } from "@almanac/ui/pictures";
import { slugOf } from "../core/catalogue.ts";
import { generatedFarmName } from "../core/places.ts";
import type { ReceiptLine, SourceItem } from "./receipts.ts";

/** How many products a farm sells at most; departments with more are split over several farms. */
const productsPerFarm = 40;

export interface ImportedFarm {
  readonly id: FarmId;
  readonly slug: string;
  readonly name: string;
  readonly department: string;
}

export interface ImportedVariant {
  readonly id: VariantId;
  readonly source: string;
  readonly name: string;
  /** Price list over time, oldest first: what one unit cost before discounts. */
  readonly prices: readonly { readonly at: Date; readonly unitPriceCents: number }[];
  readonly unitPricePer: number;
}

export interface ImportedProduct {
  readonly id: ProductId;
  readonly slug: string;
  readonly name: string;
  /** Slug of the category. */
  readonly category: string;
  readonly categoryName: string;
  readonly picture: string;
  readonly farm: ImportedFarm;
  readonly variants: readonly ImportedVariant[];
  readonly firstSoldAt: Date;
}

export interface Assortment {
  readonly farms: readonly ImportedFarm[];
  readonly products: readonly ImportedProduct[];
  readonly productOf: ReadonlyMap<string, ImportedProduct>;
  readonly variantOf: ReadonlyMap<string, ImportedVariant>;
  readonly categories: readonly { readonly slug: string; readonly name: string; readonly picture: string }[];
}

/**
 * What was sold, as a catalogue: a product is a type within its department, its variants are the source products, its
 * category the source's, of which there are some hundreds ("cheese", "soft drinks"). A department's products, in the
 * order of a hash of their names, are dealt to as many farms as it takes to give each at most `productsPerFarm`.
 */
export function buildAssortment(
  lines: readonly ReceiptLine[],
  items: ReadonlyMap<string, SourceItem>,
): Assortment {
  const byType = Map.groupBy(lines, (line) => {
    const item = items.get(line.product)!;
    return `${item.department}|${item.type}`;
  });
  const byDepartment = Map.groupBy(byType.keys(), (key) => key.split("|")[0]!);
  const farms: ImportedFarm[] = [];
  const products: ImportedProduct[] = [];
  const productOf = new Map<string, ImportedProduct>();
  const variantOf = new Map<string, ImportedVariant>();
  for (const department of [...byDepartment.keys()].sort()) {
    const keys = [...byDepartment.get(department)!].sort((a, b) => fnv1a(a) - fnv1a(b) || (a < b ? -1 : 1));
    const farmCount = Math.ceil(keys.length / productsPerFarm);
    const own = Array.from({ length: farmCount }, (_, n) => toFarm(department, farms.length + n));
    farms.push(...own);
    keys.forEach((key, index) => {
      const sold = byType.get(key)!;
      const variants = [...Map.groupBy(sold, (line) => line.product)].map(([source, rows]) =>
        toVariant(items.get(source)!, rows),
      );
      const category = categoryOf(sold, items);
      const product = toProduct(key, category, own[index % farmCount]!, variants, sold);
      products.push(product);
      for (const variant of variants) {
        productOf.set(variant.source, product);
        variantOf.set(variant.source, variant);
      }
    });
  }
  return { farms, products, productOf, variantOf, categories: mostBoughtFirst(products, lines, productOf) };
}

/** The category most of the lines are of, since a type may be in several; its department where none is named. */
function categoryOf(sold: readonly ReceiptLine[], items: ReadonlyMap<string, SourceItem>): string {
  const lines = Map.groupBy(sold, ({ product }) => {
    const { category, department } = items.get(product)!;
    return category === "" || category === "NA" ? department : category;
  });
  const most = [...lines].sort(([a, as], [b, bs]) => bs.length - as.length || (a < b ? -1 : 1))[0]!;
  return titleCase(most[0]);
}

/** The categories of the products by their number of receipt lines, equals by name. */
function mostBoughtFirst(
  products: readonly ImportedProduct[],
  lines: readonly ReceiptLine[],
  productOf: ReadonlyMap<string, ImportedProduct>,
): Assortment["categories"] {
  const bought = Map.groupBy(lines, ({ product }) => productOf.get(product)!.category);
  const count = (category: string): number => bought.get(category)?.length ?? 0;
  return [...Map.groupBy(products, ({ category }) => category)]
    .sort(([a], [b]) => count(b) - count(a) || (a < b ? -1 : 1))
    .map(([slug, own]) => {
      const name = own[0]!.categoryName;
      return { slug, name, picture: pictureFor({ name }) };
    });
}

function toFarm(department: string, n: number): ImportedFarm {
  const name = generatedFarmName(n);
  const slug = slugOf(name);
  return { id: idFromName("import/farm", slug), slug, name, department };
}

function toProduct(
  key: string,
  categoryName: string,
  farm: ImportedFarm,
  variants: readonly ImportedVariant[],
  sold: readonly ReceiptLine[],
): ImportedProduct {
  const name = titleCase(key.split("|")[1]!);
  const slug = slugOf(`${name} ${categoryName}`) || `product-${fnv1a(key)}`;
  return {
    id: idFromName("import/product", key),
    slug: `${slug}-${fnv1a(key).toString(36)}`,
    name,
    category: slugOf(categoryName) || "other",
    categoryName,
    picture: pictureFor({ name, category: categoryName }),
    farm,
    variants: mostSoldFirst(variants, sold),
    firstSoldAt: sold.reduce((first, line) => (line.at < first ? line.at : first), sold[0]!.at),
  };
}

/** By the number of receipt lines, equals by their number in the source. */
function mostSoldFirst(
  variants: readonly ImportedVariant[],
  sold: readonly ReceiptLine[],
): ImportedVariant[] {
  const linesOf = Map.groupBy(sold, (line) => line.product);
  const count = (variant: ImportedVariant): number => linesOf.get(variant.source)?.length ?? 0;
  return [...variants].sort((a, b) => count(b) - count(a) || (a.source < b.source ? -1 : 1));
}

/** What is counted in thousands (fuel, in source units of a thousandth) is priced by the thousand. */
function toVariant(item: SourceItem, rows: readonly ReceiptLine[]): ImportedVariant {
  const sorted = [...rows].sort((a, b) => a.at.getTime() - b.at.getTime());
  const unitPricePer = sorted.some((row) => row.quantity > 500) ? 1000 : 1;
  const prices: { at: Date; unitPriceCents: number }[] = [];
  for (const row of sorted) {
    const unitPriceCents = Math.round(((row.paidCents + row.discountCents) / row.quantity) * unitPricePer);
    if (unitPriceCents !== prices.at(-1)?.unitPriceCents) prices.push({ at: row.at, unitPriceCents });
  }
  const size = item.size && item.size !== "NA" ? item.size.replace(/\s+/g, " ").trim().toLowerCase() : "each";
  return {
    id: idFromName("import/variant", item.product),
    source: item.product,
    name: `${size}, ${item.brand === "Private" ? "own make" : "branded"}, no. ${item.product}`,
    prices,
    unitPricePer,
  };
}

/** "FLUID MILK WHITE ONLY" as "Fluid milk white only". */
export function titleCase(text: string): string {
  const lower = text.toLowerCase().replace(/\s+/g, " ").trim();
  return lower.charAt(0).toUpperCase() + lower.slice(1);
}
