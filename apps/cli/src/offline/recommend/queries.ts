import { AppError } from "@almanac/kernel";
import { readJsonLines } from "./text-files.ts";

/** Ids of the people or baskets to predict for, in the order of the file. Nothing else of a line is read. */
export async function readUserIds(path: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { value, line } of readJsonLines(path)) ids.push(userOf(value, path, line));
  refuseEmpty(ids, path);
  return ids;
}

export interface ListQuery {
  readonly user: string;
  readonly items: readonly string[];
}

/** Lines of `{"user", "<field>": [ids]}`. */
export async function readListQueries(path: string, field: "cart" | "session"): Promise<ListQuery[]> {
  const queries: ListQuery[] = [];
  for await (const { value, line } of readJsonLines(path)) {
    const items = value[field];
    if (!Array.isArray(items)) throw new AppError("input_invalid", `${path}:${line}: no array "${field}"`);
    queries.push({
      user: userOf(value, path, line),
      items: items.map((item: unknown) => idText(item, path, line)),
    });
  }
  refuseEmpty(queries, path);
  return queries;
}

function userOf(value: Readonly<Record<string, unknown>>, path: string, line: number): string {
  if (value["user"] === undefined) throw new AppError("input_invalid", `${path}:${line}: no "user"`);
  return idText(value["user"], path, line);
}

function idText(value: unknown, path: string, line: number): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  throw new AppError("input_invalid", `${path}:${line}: an id is neither text nor a number`);
}

function refuseEmpty(list: readonly unknown[], path: string): void {
  if (list.length === 0)
    throw new AppError("input_invalid", `${path}:1: nothing to predict for, the file is empty`);
}
