import { Table, type TableColumn } from "@almanac/ui";
import { count, duration, percent } from "../../server/words/numbers.ts";

/** A share of clicks with its interval, and of how many. */
export interface WrittenShare {
  readonly share: number;
  readonly low: number;
  readonly high: number;
  readonly of: number;
}

export interface QueryRow {
  readonly query: string;
  readonly searches: number;
  readonly ordered: number;
  readonly empty: number;
  readonly slowMs: number;
  readonly meanPlace?: number | undefined;
  readonly clicks?: WrittenShare | undefined;
  readonly perLook?: WrittenShare | undefined;
}

const columns = {
  searches: { header: "Searches", cell: (row: QueryRow) => count(row.searches) },
  clicks: { header: "Opened", cell: (row: QueryRow) => <Share {...row.clicks} /> },
  perLook: {
    header: "Opened of what was looked at",
    cell: (row: QueryRow) => <Share {...row.perLook} unit="looks" />,
  },
  place: {
    header: "Place opened",
    cell: (row: QueryRow) => (row.meanPlace === undefined ? "–" : row.meanPlace.toFixed(1)),
  },
  ordered: { header: "Orders", cell: (row: QueryRow) => count(row.ordered) },
  empty: { header: "Times", cell: (row: QueryRow) => count(row.empty) },
  slow: { header: "Within", cell: (row: QueryRow) => <span className="nowrap">{duration(row.slowMs)}</span> },
} as const;

export interface QueryTableProps {
  caption: string;
  note?: string | undefined;
  rows: readonly QueryRow[];
  empty: string;
  columns: readonly (keyof typeof columns)[];
}

/** Queries with what came of them; each leads to its results as shoppers see them. */
export function QueryTable({ caption, note, rows, empty, columns: shown }: QueryTableProps) {
  const figures = shown.map((key): TableColumn<QueryRow> => ({ key, numeric: true, ...columns[key] }));
  return (
    <section className="stack stack--tight">
      <Table
        caption={caption}
        dense
        rows={rows}
        rowKey={({ query }) => query}
        empty={empty}
        columns={[
          {
            key: "query",
            header: "Query",
            rowHeader: true,
            cell: ({ query }) => (
              <a href={query === "" ? "/search" : `/search?q=${encodeURIComponent(query)}`}>
                {query === "" ? <em>the whole shop</em> : query}
              </a>
            ),
          },
          ...figures,
        ]}
      />
      {note && <p className="small soft">{note}</p>}
    </section>
  );
}

function Share({ share, low, high, of, unit }: Partial<WrittenShare> & { unit?: string }) {
  if (share === undefined || low === undefined || high === undefined || of === undefined) return "–";
  return (
    <>
      {percent(share)}
      <div className="small soft nowrap">
        {percent(low)} to {percent(high)}
        {unit && `, ${count(of)} ${unit}`}
      </div>
    </>
  );
}
