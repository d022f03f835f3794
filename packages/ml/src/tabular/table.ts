/** A column of numbers: NaN where a value is not known. */
export interface NumberColumn {
  readonly kind: "number";
  readonly name: string;
  readonly values: Float64Array;
}

/** A column of words: positions in `levels`, -1 where a value is not known. */
export interface CategoryColumn {
  readonly kind: "category";
  readonly name: string;
  readonly codes: Int32Array;
  readonly levels: readonly string[];
}

export type TableColumn = NumberColumn | CategoryColumn;

export interface Table {
  readonly rowCount: number;
  readonly columns: readonly TableColumn[];
}

/** Columns of text as a table: what is a number throughout is one, unless it is named among `categorical`. */
export function tableOf(
  columns: readonly { readonly name: string; readonly cells: readonly string[] }[],
  categorical: ReadonlySet<string> = new Set(),
): Table {
  return {
    rowCount: columns[0]?.cells.length ?? 0,
    columns: columns.map(({ name, cells }) =>
      !categorical.has(name) && cells.every(isNumberOrNothing)
        ? {
            kind: "number",
            name,
            values: Float64Array.from(cells, (cell) => (isNothing(cell) ? NaN : Number(cell))),
          }
        : categoryColumn(name, cells),
    ),
  };
}

const nothings = new Set(["", "na", "n/a", "nan", "null", "none", "?"]);

/** Whether a cell says that its value is not known. */
export const isNothing = (cell: string): boolean => nothings.has(cell.trim().toLowerCase());

const isNumberOrNothing = (cell: string): boolean =>
  isNothing(cell) || (Number.isFinite(Number(cell)) && cell.trim() !== "");

function categoryColumn(name: string, cells: readonly string[]): CategoryColumn {
  const codes = new Int32Array(cells.length);
  const codeOf = new Map<string, number>();
  cells.forEach((cell, row) => {
    const level = cell.trim();
    if (level === "") codes[row] = -1;
    else {
      let code = codeOf.get(level);
      if (code === undefined) codeOf.set(level, (code = codeOf.size));
      codes[row] = code;
    }
  });
  return { kind: "category", name, codes, levels: [...codeOf.keys()] };
}
