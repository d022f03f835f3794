import { formatCents, marketDay } from "@almanac/kernel";
import { BarChart, Button, Card, EmptyState, InputField, PageHead, StatTile, Table } from "@almanac/ui";
import { Form, useLoaderData } from "@remix-run/react";
import { titled } from "../parts/frame/titled.ts";
import { dayInWords, shortDay } from "../server/words/dates.ts";
import { marketLoader } from "../server/request/handlers.ts";

const day = /^\d{4}-\d{2}-\d{2}$/;

export const loader = marketLoader(async ({ api, market, url, now }) => {
  const today = marketDay(now, market.timeZone);
  const given = (name: string): string | undefined => {
    const text = url.searchParams.get(name) ?? "";
    return day.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined;
  };
  const to = given("to") ?? market.nextWindow?.marketDay ?? today;
  const from = given("from") ?? eightWeeksBefore(to);
  const isOrdered = from <= to;
  const sales = await api.marketOrders.sales({ marketId: market.id, from: isOrdered ? from : to, to });
  return {
    from,
    to,
    isOrdered,
    orders: sales.total.orders,
    total: formatCents(sales.total.salesCents),
    fee: formatCents(sales.total.feeCents),
    farms: sales.byFarm.map((farm) => ({
      id: farm.farmId,
      name: farm.name,
      orders: farm.orders,
      sales: formatCents(farm.salesCents),
      fee: formatCents(farm.feeCents),
      pays: formatCents(farm.salesCents - farm.feeCents),
      value: farm.salesCents / 100,
    })),
    days: sales.byDay.map((row) => ({
      day: row.marketDay,
      words: dayInWords(row.marketDay, now),
      label: shortDay(row.marketDay),
      orders: row.orders,
      sales: formatCents(row.salesCents),
      fee: formatCents(row.feeCents),
      value: row.salesCents / 100,
    })),
  };
});

function eightWeeksBefore(marketDay: string): string {
  return new Date(Date.parse(marketDay) - 56 * 86_400_000).toISOString().slice(0, 10);
}

export const meta = titled("Sales");

/** What the market sold, by day and by farm, and what of it is the market's. Every plot has its numbers as a table. */
export default function Sales() {
  const view = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead title="Sales" lead="Orders that were not cancelled, by the market day of their pickup." />
      <Form method="get" className="field-row">
        <InputField label="From" name="from" type="date" required defaultValue={view.from} />
        <InputField
          label="To"
          name="to"
          type="date"
          required
          defaultValue={view.to}
          error={view.isOrdered ? undefined : "The first day is after the last."}
        />
        <Button type="submit" tone="secondary">
          Show
        </Button>
      </Form>
      <div className="tile-grid">
        <StatTile label="Sold" value={view.total} />
        <StatTile label="Orders" value={view.orders} />
        <StatTile label="The market's fee" value={view.fee} />
      </div>
      {view.orders === 0 ? (
        <EmptyState title="Nothing was sold on these days" headingLevel={2}>
          Choose other days above.
        </EmptyState>
      ) : (
        <>
          <Card>
            <BarChart
              headingLevel={2}
              title="By market day"
              summary={`${view.total} on ${view.days.length} market ${view.days.length === 1 ? "day" : "days"}.`}
              labelHeader="Market day"
              valueHeader="Sold"
              bars={view.days.map(({ label, value }) => ({ label, value }))}
              format={(value) => formatCents(Math.round(value * 100))}
            />
          </Card>
          <Table
            caption="By farm, the most sold first"
            folds
            rows={view.farms}
            rowKey={({ id }) => id}
            columns={[
              { key: "name", header: "Farm", rowHeader: true, cell: (farm) => farm.name },
              { key: "orders", header: "Orders", numeric: true, cell: (farm) => farm.orders },
              { key: "sales", header: "Sold", numeric: true, cell: (farm) => farm.sales },
              { key: "fee", header: "Fee", numeric: true, cell: (farm) => farm.fee },
              { key: "pays", header: "The farm gets", numeric: true, cell: (farm) => farm.pays },
            ]}
          />
          <Table
            caption="By market day, with the fee"
            folds
            rows={view.days}
            rowKey={(row) => row.day}
            columns={[
              { key: "day", header: "Market day", rowHeader: true, cell: (row) => row.words },
              { key: "orders", header: "Orders", numeric: true, cell: (row) => row.orders },
              { key: "sales", header: "Sold", numeric: true, cell: (row) => row.sales },
              { key: "fee", header: "Fee", numeric: true, cell: (row) => row.fee },
            ]}
          />
        </>
      )}
    </>
  );
}
