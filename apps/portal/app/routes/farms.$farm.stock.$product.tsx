import { formatQuantity } from "@almanac/kernel";
import { Card, LineChart, LinkButton, PageHead, StatTile, Table } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { formState, useOutcome } from "../outcome.ts";
import { NotOnSale } from "../parts/products/not-on-sale.tsx";
import { BackLink, OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { PageTurn } from "../parts/frame/page-turn.tsx";
import { StockForm } from "../parts/products/stock-form.tsx";
import { titled } from "../parts/frame/titled.ts";
import { dayAt, momentAt, plotDay } from "../server/words/dates.ts";
import { largeUnits } from "../server/request/fields.ts";
import { farmAction, farmLoader } from "../server/request/handlers.ts";
import { promiseView, type PromiseView } from "../server/products/promise-words.ts";
import { setStatus } from "../server/products/product-actions.ts";
import { productIdOf } from "../server/products/products.ts";
import { freeWords, runsLow } from "../server/products/stock.ts";
import { recordStock, stockReasonWords, takeBack } from "../server/products/stock-records.ts";

const pageSize = 50;

const signs: Readonly<Record<number, string>> = { 1: "+", [-1]: "−" };

export const loader = farmLoader(async ({ api, farm, params, url, timeZone, now }) => {
  const productId = productIdOf(params);
  const before = url.searchParams.get("before") ?? undefined;
  const [product, ledger, levels, lots, promised, zone] = await Promise.all([
    api.farmCatalog.products.get({ farmId: farm.id, productId }),
    api.farmStock.ledger({ farmId: farm.id, productId, limit: pageSize, ...(before && { cursor: before }) }),
    api.farmStock.levels({ farmId: farm.id }),
    api.farmCatalog.lots.list({ farmId: farm.id, productId, limit: 10 }),
    api.growing.promise({ farmId: farm.id, productId }),
    timeZone(),
  ]);
  const unit = product.baseUnit;
  const level = levels.find((one) => one.productId === productId);
  const words = (base: number) => formatQuantity(base, unit);
  return {
    farm,
    id: productId,
    name: product.name,
    status: product.status,
    canSell: product.variants.some((variant) => variant.status === "live"),
    unit: largeUnits[unit],
    divisor: unit === "piece" ? 1 : 1_000,
    available: words(level?.availableBase ?? 0),
    onHand: words(level?.onHandBase ?? 0),
    reserved: words(level?.reservedBase ?? 0),
    isLow: level !== undefined && runsLow(level),
    promise: promiseView(promised, unit) ?? null,
    newKey: crypto.randomUUID(),
    lots: lots.map(({ id, code }) => ({ id, code })),
    isFirstPage: before === undefined,
    nextCursor: ledger.nextCursor,
    entries: ledger.items.map((entry) => ({
      seq: entry.seq,
      at: momentAt(entry.at, zone, now),
      day: plotDay(dayAt(entry.at, zone), now),
      reason: stockReasonWords[entry.reason],
      about: [entry.orderNumber, entry.lot && `lot ${entry.lot.code}`, entry.note, entry.device]
        .filter(Boolean)
        .join(" · "),
      delta: `${signs[Math.sign(entry.deltaBase)] ?? ""}${words(Math.abs(entry.deltaBase))}`,
      after: words(entry.onHandBase),
      afterBase: entry.onHandBase,
    })),
  };
});

export const action = farmAction({
  record: ({ api, farm, fields, params }) => recordStock(api, farm, productIdOf(params), fields),
  status: ({ api, farm, fields, params }) => setStatus(api, farm, productIdOf(params), fields),
  takeBack: ({ api, farm, fields, params }) => takeBack(api, farm, productIdOf(params), fields),
});

export const meta = titled<typeof loader>(({ name }) => `Stock of ${name}`);

export default function ProductStock() {
  const view = useLoaderData<typeof loader>();
  const { farm, id, name, unit, divisor, entries } = view;
  const form = formState(useOutcome(), "record");
  const oldestFirst = entries.toReversed();
  return (
    <>
      <PageHead
        title={name}
        lead="Its stock, and everything that moved it."
        actions={
          <>
            <BackLink href={`/portal/farms/${farm.slug}/stock`}>Stock</BackLink>
            <LinkButton
              href={`/portal/farms/${farm.slug}/products/${id}`}
              tone="secondary"
              size="small"
              icon="leaf"
            >
              The product
            </LinkButton>
          </>
        }
      />
      <OutcomeNotice />
      <NotOnSale status={view.status} productId={id} name={name} canSell={view.canSell} />
      <div className="tile-grid day-tiles">
        <StatTile
          label={freeWords[view.status]}
          value={view.available}
          change={view.isLow ? { text: "low", tone: "urgent" } : undefined}
        />
        <StatTile label="On hand" value={view.onHand} />
        <StatTile label="Held in checkouts" value={view.reserved} />
      </div>
      <div className="beside">
        <div className="stack">
          {view.promise && <PromiseCard {...view.promise} />}
          {oldestFirst.length > 1 && (
            <LineChart
              title="On hand"
              summary={`${view.isFirstPage ? "Now" : "At the end of this page"} ${entries[0]?.after ?? ""}; the last ${entries.length} movements.`}
              labelHeader="Movement"
              labels={oldestFirst.map(({ day }) => day)}
              series={[{ label: "On hand", values: oldestFirst.map(({ afterBase }) => afterBase / divisor) }]}
              format={(value) => `${value} ${unit}`}
              headingLevel={2}
            />
          )}
          <Table
            caption="Stock ledger, the latest first"
            dense
            rows={entries}
            rowKey={({ seq }) => String(seq)}
            empty="Nothing has moved yet."
            columns={[
              { key: "at", header: "When", cell: (entry) => entry.at },
              {
                key: "reason",
                header: "What",
                rowHeader: true,
                cell: (entry) => (
                  <>
                    {entry.reason}
                    {entry.about && <span className="soft small regular"> {entry.about}</span>}
                  </>
                ),
              },
              { key: "delta", header: "Change", numeric: true, cell: (entry) => entry.delta },
              { key: "after", header: "On hand", numeric: true, cell: (entry) => entry.after },
            ]}
          />
          <PageTurn isFirstPage={view.isFirstPage} nextCursor={view.nextCursor} />
        </div>
        <div className="day__first">
          <StockForm
            key={view.newKey}
            form={form}
            newKey={view.newKey}
            unit={unit}
            lots={view.lots}
            name={name}
          />
        </div>
      </div>
    </>
  );
}

/** What may be sold ahead, by the weeks in which something is picked. */
function PromiseCard({ lead, rows, note }: PromiseView) {
  return (
    <Card title="What you may promise">
      <div className="stack">
        <p>{lead}</p>
        <Table
          caption="What may be promised, by date"
          captionHidden
          dense
          rows={rows}
          rowKey={({ on }) => on}
          columns={[
            { key: "day", header: "By", rowHeader: true, cell: ({ day }) => day },
            { key: "there", header: "There", numeric: true, cell: ({ there }) => there },
            { key: "free", header: "Still free", numeric: true, cell: ({ free }) => free },
          ]}
        />
        <p className="small soft">{note}</p>
      </div>
    </Card>
  );
}
