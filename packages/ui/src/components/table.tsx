import type { ReactNode } from "react";
import { Icon } from "../icons/icon.tsx";
import { Anchor } from "./anchor.tsx";
import { classNames } from "./class-names.ts";

export interface TableColumn<Row> {
  key: string;
  header: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Digits under each other, to the right. */
  numeric?: boolean;
  /** Sentences: where the table is too wide, it is scrolled to rather than squeezed to a word a line. */
  prose?: boolean;
  /** Names the row: at most one column. */
  rowHeader?: boolean;
  /** Where the header leads to sort by this column; the order is kept in the address. */
  sortHref?: string;
  sorted?: "ascending" | "descending";
  width?: string;
}

export interface TableProps<Row> {
  caption: ReactNode;
  /** Only for screen readers, when a heading above says the same. */
  captionHidden?: boolean;
  columns: readonly TableColumn<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row, index: number) => string;
  dense?: boolean;
  /** Scrolls inside its frame under a head that stays. */
  tall?: boolean;
  /** Where the frame is too narrow for the columns, each row stands as a list: the header of a column, then its cell. */
  folds?: boolean;
  empty?: ReactNode;
  className?: string;
}

const cellClass = ({ numeric, prose }: Pick<TableColumn<never>, "numeric" | "prose">): string | undefined =>
  numeric ? "table__numeric" : prose ? "table__prose" : undefined;

/** A table whose head stays in sight. Its frame can be scrolled with the keyboard. */
export function Table<Row>(props: TableProps<Row>) {
  const { caption, captionHidden, columns, rows, rowKey, dense, tall, folds, empty, className } = props;
  const name = typeof caption === "string" ? caption : undefined;
  // A row that is laid out as a list would be none to a screen reader, unless it is told.
  const role = (own: string): string | undefined => (folds ? own : undefined);
  return (
    <div
      className={classNames(
        "table-frame",
        tall && "table-frame--tall",
        folds && "table-frame--folds",
        className,
      )}
      tabIndex={0}
      role="region"
      aria-label={name ?? "Table"}
    >
      <table role={role("table")} className={classNames("table", dense && "table--dense")}>
        <caption className={captionHidden ? "visually-hidden" : "table__caption"}>{caption}</caption>
        <thead role={role("rowgroup")}>
          <tr role={role("row")}>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                role={role("columnheader")}
                aria-sort={column.sorted}
                className={column.numeric ? "table__numeric" : undefined}
                style={column.width ? { width: column.width } : undefined}
              >
                <ColumnHeader column={column} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody role={role("rowgroup")}>
          {rows.map((row, index) => (
            <tr key={rowKey(row, index)} role={role("row")}>
              {columns.map((column) => {
                const className = cellClass(column);
                const cell = folds ? <FoldingCell column={column} row={row} /> : column.cell(row);
                return column.rowHeader ? (
                  <th key={column.key} scope="row" role={role("rowheader")} className={className}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.key} role={role("cell")} className={className}>
                    {cell}
                  </td>
                );
              })}
            </tr>
          ))}
          {rows.length === 0 && (
            <tr role={role("row")}>
              <td role={role("cell")} className="table__empty" colSpan={columns.length}>
                {empty ?? "Nothing here yet."}
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}

/** The label is for eyes: a screen reader has the column's header. */
function FoldingCell<Row>({ column, row }: { column: TableColumn<Row>; row: Row }) {
  return (
    <>
      <span className="table__label" aria-hidden="true">
        {column.header}
      </span>
      <span className="table__value">{column.cell(row)}</span>
    </>
  );
}

function ColumnHeader<Row>({ column }: { column: TableColumn<Row> }) {
  if (!column.sortHref) return <>{column.header}</>;
  return (
    <Anchor
      className={classNames("table__sort", column.sorted && `table__sort--${column.sorted}`)}
      href={column.sortHref}
    >
      {column.header}
      {column.sorted && <Icon name="chevron-down" />}
    </Anchor>
  );
}
