import { AppError } from "@almanac/kernel";
import { readCsv } from "./text-files.ts";

/** Interactions as read: one entry per row and item, users and items by number in the order they first appear. */
export interface Interactions {
  readonly users: Map<string, number>;
  readonly items: Map<string, number>;
  readonly itemIds: string[];
  /** Places by number in the order they first appear; empty without a column of them. */
  readonly places: Map<string, number>;
  readonly user: number[];
  readonly item: number[];
  /** Orders the events of one user: `seq`, else the time, else the row. */
  readonly order: number[];
  /** Days since 1970-01-01; NaN without a date. */
  readonly day: number[];
  /** -1 where no place is told. */
  readonly place: number[];
  readonly hasSeq: boolean;
  readonly hasDates: boolean;
  readonly rowCount: number;
}

const groupColumns = ["user", "household", "session", "basket"];
const itemColumns = ["items", "item", "product"];
const placeColumns = ["place", "market", "store"];

export interface ReadOptions {
  /** Item id to the value of another column; items without one are left out. */
  readonly renamed?: ReadonlyMap<string, string>;
  /** The one column that names the group, such as "basket" for carts. */
  readonly group?: string;
  /** Whether files without a row will do, as baskets that have yet to come may. */
  readonly mayBeEmpty?: boolean;
}

/** Reads and joins CSV files of one shape. */
export async function readInteractions(
  paths: readonly string[],
  options: ReadOptions = {},
): Promise<Interactions> {
  const users = new Map<string, number>();
  const items = new Map<string, number>();
  const places = new Map<string, number>();
  const user: number[] = [];
  const item: number[] = [];
  const order: number[] = [];
  const day: number[] = [];
  const place: number[] = [];
  let rowCount = 0;
  let hasSeq = false;
  let hasDates = false;
  for (const path of paths) {
    let columns: ColumnPlan | undefined;
    for await (const { cells, line } of readCsv(path)) {
      if (columns === undefined) {
        columns = planColumns(cells, path);
        hasSeq ||= columns.seq >= 0;
        hasDates ||= columns.time >= 0;
        continue;
      }
      rowCount++;
      const row = readRow(columns, cells, path, line, rowCount);
      const userNumber = numberOf(users, row.user);
      for (const id of row.items) {
        const name = options.renamed === undefined ? id : options.renamed.get(id);
        if (name === undefined || name === "") continue;
        user.push(userNumber);
        item.push(numberOf(items, name));
        order.push(row.order);
        day.push(row.day);
        place.push(row.place === "" ? -1 : numberOf(places, row.place));
      }
    }
  }
  if (items.size === 0 && options.mayBeEmpty !== true)
    throw new AppError(
      "input_invalid",
      `${paths[0]}: no row names an item, so there is nothing to recommend`,
    );
  return {
    users,
    items,
    itemIds: [...items.keys()],
    places,
    user,
    item,
    order,
    day,
    place,
    hasSeq,
    hasDates,
    rowCount,
  };
}

interface ColumnPlan {
  readonly group: number;
  readonly items: number;
  readonly isList: boolean;
  readonly place: number;
  readonly seq: number;
  /** `ts` or `date`. */
  readonly time: number;
  readonly timeName: string;
}

function planColumns(header: readonly string[], path: string): ColumnPlan {
  const find = (names: readonly string[]): number =>
    names.map((name) => header.indexOf(name)).find((at) => at >= 0) ?? -1;
  const group = find(groupColumns);
  const items = find(itemColumns);
  if (group < 0)
    throw new AppError("input_invalid", `${path}:1: no column ${groupColumns.join(", ")} in the header`);
  if (items < 0)
    throw new AppError("input_invalid", `${path}:1: no column ${itemColumns.join(", ")} in the header`);
  const time = find(["ts", "date"]);
  return {
    group,
    items,
    isList: header[items] === "items",
    place: find(placeColumns),
    seq: header.indexOf("seq"),
    time,
    timeName: header[time] ?? "",
  };
}

interface EventRow {
  readonly user: string;
  readonly items: readonly string[];
  readonly order: number;
  readonly day: number;
  /** Empty where none is told. */
  readonly place: string;
}

function readRow(
  columns: ColumnPlan,
  cells: readonly string[],
  path: string,
  line: number,
  row: number,
): EventRow {
  const user = cells[columns.group]!;
  if (user === "") throw new AppError("input_invalid", `${path}:${line}: the ${"group"} id is empty`);
  const text = cells[columns.items]!;
  const items = columns.isList ? text.split(" ").filter((id) => id !== "") : [text];
  if (!columns.isList && text === "")
    throw new AppError("input_invalid", `${path}:${line}: the item is empty`);
  const day = columns.time < 0 ? NaN : parseDay(cells[columns.time]!);
  if (columns.time >= 0 && Number.isNaN(day))
    throw new AppError(
      "input_invalid",
      `${path}:${line}: ${columns.timeName} is ${JSON.stringify(cells[columns.time])}, which is not a time`,
    );
  const seq = columns.seq < 0 ? undefined : Number(cells[columns.seq]!.trim() || NaN);
  if (seq !== undefined && !Number.isInteger(seq))
    throw new AppError("input_invalid", `${path}:${line}: seq is not a whole number`);
  const place = columns.place < 0 ? "" : cells[columns.place]!;
  return { user, items, day, place, order: seq ?? (columns.time < 0 ? row : day) };
}

/** Days since 1970-01-01 from epoch seconds, "YYYY-MM-DD" or "YYYY-MM-DD hh:mm:ss" (read as UTC); NaN otherwise. */
export function parseDay(text: string): number {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text) / 86_400;
  if (!/^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?)?$/.test(text)) return NaN;
  const iso = text.length === 10 ? `${text}T00:00:00Z` : `${text.replace(" ", "T").replace(/Z$/, "")}Z`;
  return Date.parse(iso) / 86_400_000;
}

/** The column `as` of an item list keyed by `item` or `product`. */
export async function readItemColumn(path: string, as: string): Promise<Map<string, string>> {
  const values = new Map<string, string>();
  let key = -1;
  let column = -1;
  for await (const { cells, line } of readCsv(path)) {
    if (line === 1 && key < 0) {
      key = cells.indexOf("item") >= 0 ? cells.indexOf("item") : cells.indexOf("product");
      column = cells.indexOf(as);
      if (key < 0) throw new AppError("input_invalid", `${path}:1: no column item or product in the header`);
      if (column < 0) throw new AppError("input_invalid", `${path}:1: no column ${as} in the header`);
      continue;
    }
    values.set(cells[key]!, cells[column]!);
  }
  return values;
}

function numberOf(index: Map<string, number>, id: string): number {
  const known = index.get(id);
  if (known !== undefined) return known;
  index.set(id, index.size);
  return index.size - 1;
}
