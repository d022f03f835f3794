import { tableOf, type Table } from "@almanac/ml";
import type { CsvTable } from "../files/csv.ts";
import { inputError } from "../files/input-error.ts";

/** Words of which nearly every row has its own say nothing: such as a customer's number. */
const leastRowsALevel = 2;
const fewLevels = 50;

/**
 * The columns of a file that a model may learn from: all but those left out, and those that are names of rows.
 *
 * @throws AppError `input_invalid` for a column that is not there, or when none is left
 */
export function featureTable(
  csv: CsvTable,
  { leftOut, categorical }: { leftOut: readonly string[]; categorical: readonly string[] },
): { table: Table; dropped: string[]; strays: string[] } {
  for (const name of [...leftOut, ...categorical]) {
    if (!csv.columns.includes(name)) throw inputError(`has no column "${name}"`, csv.file, 1);
  }
  const names = csv.columns.filter((name) => !leftOut.includes(name));
  const table = tableOf(
    names.map((name) => ({ name, cells: csv.rows.map(({ cells }) => cells[name]!) })),
    new Set(categorical),
  );
  const isName = (column: Table["columns"][number]): boolean =>
    column.kind === "category" &&
    !categorical.includes(column.name) &&
    column.levels.length > Math.max(fewLevels, table.rowCount / leastRowsALevel);
  const dropped = table.columns.filter(isName).map(({ name }) => name);
  const columns = table.columns.filter((column) => !isName(column));
  if (columns.length === 0) throw inputError("has no column to learn from", csv.file, 1);
  const strays = columns.flatMap((column) =>
    column.kind === "number" && column.strays !== undefined
      ? [`${column.name}: ${column.strays} cells are no numbers, and taken as not known`]
      : [],
  );
  return { table: { ...table, columns }, dropped, strays };
}
