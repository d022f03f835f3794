import type { DatabaseHandle } from "@almanac/db";
import type { FarmId } from "@almanac/kernel";

/** Ids and names of a world's rows, by the fields that would ask for them. */
export type WorldValues = ReadonlyMap<string, readonly unknown[]>;

const perTable = 12;
/** Columns by which rows are asked for, beside their id. */
const named = ["slug", "number", "key", "seq", "email"];

/**
 * Reads what calls could name: an `id` of `pickup_slots` is asked for as `pickupSlotId`, `slotId` or `id`; the `slug` of
 * `categories` as `category` or `slug`.
 *
 * @param farmId what belongs to this farm alone
 */
export async function worldValues(handle: DatabaseHandle, farmId?: FarmId): Promise<WorldValues> {
  const { rows: columns } = await handle.client.query<{ table: string; columns: string[] }>(
    `select table_name "table", array_agg(column_name::text) columns from information_schema.columns
     where table_schema = 'public' group by table_name having 'id' = any(array_agg(column_name::text)) order by 1`,
  );
  const values = new Map<string, unknown[]>();
  const add = (field: string, found: readonly unknown[]): void => {
    values.set(field, [...(values.get(field) ?? []), ...found]);
  };
  for (const { table, columns: own } of columns) {
    const owned = farmId && ownedBy(table, own, farmId);
    if (farmId && !owned) continue;
    const asked = ["id", ...named.filter((name) => own.includes(name))];
    const { rows } = await handle.client.query<Record<string, unknown>>(
      `select ${asked.join(", ")} from "${table}" ${owned ?? ""} order by id limit ${perTable}`,
    );
    for (const name of asked) {
      const found = rows.map((row) => row[name]).filter((value) => value !== null);
      for (const field of fieldsOf(table, name)) add(field, found);
    }
  }
  return values;
}

function ownedBy(table: string, columns: readonly string[], farmId: FarmId): string | undefined {
  if (columns.includes("farm_id")) return `where farm_id = '${farmId}'`;
  if (table === "variants")
    return `where product_id in (select id from products where farm_id = '${farmId}')`;
  if (table === "order_lines")
    return `where sub_order_id in (select id from sub_orders where farm_id = '${farmId}')`;
  return undefined;
}

/** The id of "pickup_slots" is asked for as "pickupSlotId" and "slotId", the slug of "categories" as "category". */
function fieldsOf(table: string, column: string): string[] {
  const words = table
    .replace(/ies$/, "y")
    .replace(/(?<!s)s$/, "")
    .split("_");
  const camel = words.map((word, at) => (at === 0 ? word : word[0]!.toUpperCase() + word.slice(1))).join("");
  if (column === "slug") return [column, camel];
  if (column !== "id") return [column];
  return [...new Set(["id", `${camel}Id`, `${words.at(-1)}Id`])];
}
