/** A column of numbers: NaN where a value is not known. */
export interface NumberColumn {
  readonly kind: "number";
  readonly name: string;
  readonly values: Float64Array;
  /** Cells that hold something which is no number, and are taken as not known; absent where there are none. */
  readonly strays?: number;
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

/**
 * Columns of text as a table: what is numbers throughout, or but for a few words among many, is one, and what is a date throughout is three (its day, its month,
 * its day of the week), unless it is named among `categorical`.
 */
export function tableOf(
  columns: readonly { readonly name: string; readonly cells: readonly string[] }[],
  categorical: ReadonlySet<string> = new Set(),
): Table {
  return {
    rowCount: columns[0]?.cells.length ?? 0,
    columns: columns.flatMap(({ name, cells }): TableColumn[] => {
      if (categorical.has(name)) return [categoryColumn(name, cells)];
      const numbers = numbersOf(name, cells);
      if (numbers) return [numbers];
      return cells.every(isDateOrNothing) ? dateColumns(name, cells) : [categoryColumn(name, cells)];
    }),
  };
}

/** A few words among many different numbers, such as "unknown", do not make names of the numbers. */
const leastNumberShare = 0.9;
const manyNumbers = 20;

/** A column of numbers; `undefined` where too much of it is something else. */
function numbersOf(name: string, cells: readonly string[]): NumberColumn | undefined {
  const values = Float64Array.from(cells, numberOf);
  const strays = cells.filter((cell, row) => Number.isNaN(values[row]!) && !isNothing(cell)).length;
  if (strays === 0) return { kind: "number", name, values };
  const numbers = values.filter((value) => !Number.isNaN(value));
  const isNumbers = numbers.length >= leastNumberShare * (numbers.length + strays);
  if (!isNumbers || new Set(numbers).size < manyNumbers) return undefined;
  return { kind: "number", name, values, strays };
}

/** An amount as people write it: a sign of money before, commas between thousands, a sign of percent after. */
const writtenPattern = /^(-?)\s*[$€£¥]?\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s*%?$/;
/** Numbers that trees can hold: beyond them a float of 32 bits is infinite. */
const greatest = 3e38;

/** The number in a cell; NaN for anything else, infinite numbers included. */
function numberOf(cell: string): number {
  const text = cell.trim();
  if (text === "") return NaN;
  const plain = Number(text);
  if (Number.isFinite(plain)) return Math.max(-greatest, Math.min(greatest, plain));
  const [, sign = "", whole, fraction = ""] = writtenPattern.exec(text) ?? [];
  return whole === undefined ? NaN : Number(`${sign}${whole.replaceAll(",", "")}${fraction}`);
}

function numberColumn(
  name: string,
  cells: readonly string[],
  valueOf: (cell: string) => number,
): NumberColumn {
  return { kind: "number", name, values: Float64Array.from(cells, valueOf) };
}

const datePattern = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Days since 1970-01-01, in UTC unless the text says otherwise; NaN for what is no date. */
function daysOf(cell: string): number {
  const text = cell.trim();
  if (!datePattern.test(text)) return NaN;
  const isZoned = text.length === 10 || /(Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10));
  return Date.parse(isZoned ? text : `${text.replace(" ", "T")}Z`) / 86_400_000;
}

const isDateOrNothing = (cell: string): boolean => isNothing(cell) || !Number.isNaN(daysOf(cell));

function dateColumns(name: string, cells: readonly string[]): TableColumn[] {
  const part = (read: (date: Date) => number) => (cell: string) => {
    const days = daysOf(cell);
    return Number.isNaN(days) ? NaN : read(new Date(days * 86_400_000));
  };
  return [
    numberColumn(name, cells, daysOf),
    numberColumn(
      `${name}: month`,
      cells,
      part((date) => date.getUTCMonth() + 1),
    ),
    numberColumn(
      `${name}: weekday`,
      cells,
      part((date) => date.getUTCDay()),
    ),
  ];
}

const nothings = new Set(["", "na", "n/a", "nan", "null", "none", "?"]);

/** Whether a cell says that its value is not known. */
export const isNothing = (cell: string): boolean => nothings.has(cell.trim().toLowerCase());

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
