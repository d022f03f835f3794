import { formatCents } from "@almanac/kernel";
import { LinkButton, Notice, PageHead, StatTile, Table } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { titled } from "../parts/frame/titled.ts";
import { adminLoader } from "../server/request/handlers.ts";
import { count } from "../server/words/numbers.ts";

const kindWords = {
  transaction_not_zero: "A transaction does not add up to zero",
  order_not_zero: "An order's entries do not add up to zero",
  stall_sale_not_zero: "The entries of a sale at a stall do not add up to zero",
  sales_differ: "An order's sales differ from its total",
  stall_sales_differ: "The entries of a sale at a stall differ from its total",
  stock_differs: "A product's ledger differs from what is on hand",
  stock_below_zero: "A product's ledger was below zero",
  reserved_differs: "What is reserved differs from the checkouts",
} as const;

export const loader = adminLoader(async ({ api, now }) => {
  const books = await api.admin.ledger.check();
  return {
    at: now.toISOString().slice(11, 19),
    isRight: books.problems.length === 0 && books.ledgerSumCents === 0,
    sum: formatCents(books.ledgerSumCents),
    orders: count(books.orders),
    ledgerEntries: count(books.ledgerEntries),
    stockEntries: count(books.stockEntries),
    problems: books.problems.map((problem) => ({ ...problem, what: kindWords[problem.kind] })),
  };
});

export const meta = titled("Books");

export default function Books() {
  const view = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        title="Books"
        lead={`Money and stock, added up again from their ledgers at ${view.at} UTC.`}
        actions={
          <LinkButton href="?" tone="secondary">
            Check again
          </LinkButton>
        }
      />
      {view.isRight ? (
        <Notice
          tone="good"
          title="The books are right: money adds up to zero, stock to what is on hand."
          announce="status"
        />
      ) : (
        <Notice tone="urgent" title={`${view.problems.length} things do not add up.`} announce="alert" />
      )}
      <div className="tile-grid">
        <StatTile label="Money ledger" value={view.sum} change={{ text: `${view.ledgerEntries} entries` }} />
        <StatTile label="Orders" value={view.orders} />
        <StatTile label="Stock ledger" value={view.stockEntries} change={{ text: "entries replayed" }} />
      </div>
      {view.problems.length > 0 && (
        <Table
          caption="What does not add up"
          dense
          rows={view.problems}
          rowKey={({ kind, id }) => `${kind}/${id}`}
          columns={[
            { key: "what", header: "What", rowHeader: true, cell: (problem) => problem.what },
            { key: "id", header: "Where", cell: (problem) => <code className="small">{problem.id}</code> },
            { key: "expected", header: "Expected", numeric: true, cell: (problem) => problem.expected },
            { key: "found", header: "Found", numeric: true, cell: (problem) => problem.found },
          ]}
        />
      )}
    </>
  );
}
