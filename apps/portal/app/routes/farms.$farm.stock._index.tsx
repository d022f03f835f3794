import { formatQuantity } from "@almanac/kernel";
import { Badge, Chips, EmptyState, LinkButton, PageHead, isPictureName, pictureFor } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { RowList } from "../parts/frame/row-list.tsx";
import { titled } from "../parts/frame/titled.ts";
import { farmLoader } from "../server/request/handlers.ts";
import { missingWords } from "../server/products/standing.ts";
import { isOut, runsLow } from "../server/products/stock.ts";

const filters = [
  { value: "low", label: "Running low", keeps: runsLow },
  { value: "out", label: "Out", keeps: isOut },
] as const;

export const loader = farmLoader(async ({ api, farm, url }) => {
  const levels = await api.farmStock.levels({ farmId: farm.id });
  const filter = filters.find(({ value }) => value === url.searchParams.get("show"));
  const shown = filter ? levels.filter(filter.keeps) : levels.filter((level) => level.status !== "archived");
  return {
    farm,
    show: filter?.value,
    total: levels.length,
    counts: filters.map(({ keeps }) => levels.filter(keeps).length),
    rows: shown.map((level) => ({
      id: level.productId,
      name: level.name,
      picture: isPictureName(level.picture) ? level.picture : pictureFor({ name: level.name }),
      available: formatQuantity(level.availableBase, level.baseUnit),
      held:
        level.reservedBase > 0
          ? `${formatQuantity(level.onHandBase, level.baseUnit)} on hand, ${formatQuantity(level.reservedBase, level.baseUnit)} in checkouts`
          : "",
      mark: runsLow(level) ? ("low" as const) : isOut(level) ? ("out" as const) : undefined,
      lowAt: level.lowStockBase > 0 ? `low below ${formatQuantity(level.lowStockBase, level.baseUnit)}` : "",
      isOnSale: level.status === "live",
    })),
  };
});

export const meta = titled("Stock");

export default function Stock() {
  const { farm, rows, show, counts, total } = useLoaderData<typeof loader>();
  const home = `/portal/farms/${farm.slug}/stock`;
  return (
    <>
      <PageHead
        title="Stock"
        lead="What can still be sold. Tap a product to record a harvest, waste, a donation or a count."
      />
      <Chips
        label="Show"
        chips={filters.map(({ value, label }, index) => ({
          href: show === value ? "?" : `?show=${value}`,
          label,
          count: counts[index] ?? 0,
          on: show === value,
        }))}
      />
      {rows.length === 0 ? (
        <EmptyState
          title={total === 0 ? "No products yet" : "Nothing here, which is good"}
          headingLevel={2}
          actions={
            <LinkButton href={total === 0 ? `/portal/farms/${farm.slug}/products/new` : "?"}>
              {total === 0 ? "New product" : "Show all"}
            </LinkButton>
          }
        >
          {total === 0 && missingWords["no-products"].why}
        </EmptyState>
      ) : (
        <RowList
          label="Stock by product"
          rows={rows.map((row) => ({
            key: row.id,
            href: `${home}/${row.id}`,
            name: row.name,
            picture: row.picture,
            detail: row.held || row.lowAt,
            figure: row.available,
            badge: row.mark ? (
              <Badge tone="urgent">{row.mark}</Badge>
            ) : (
              !row.isOnSale && <Badge>not on sale</Badge>
            ),
          }))}
        />
      )}
    </>
  );
}
