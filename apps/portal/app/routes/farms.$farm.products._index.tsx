import { Badge, Button, Chips, EmptyState, Input, LinkButton, PageHead } from "@almanac/ui";
import { formatQuantity, parseId, type ProductId } from "@almanac/kernel";
import { Form, useLoaderData } from "@remix-run/react";
import { Act } from "../parts/forms/act.tsx";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { RowList } from "../parts/frame/row-list.tsx";
import { titled } from "../parts/frame/titled.ts";
import { farmAction, farmLoader } from "../server/request/handlers.ts";
import {
  listProducts,
  pictureOf,
  priceLine,
  statusWords,
  type ProductStatus,
} from "../server/products/products.ts";
import { setStatus } from "../server/products/product-actions.ts";
import { missingWords } from "../server/products/standing.ts";
import { isOut, runsLow } from "../server/products/stock.ts";

const filters = ["live", "hidden", "draft", "archived"] as const satisfies readonly ProductStatus[];

export const loader = farmLoader(async ({ api, farm, url }) => {
  const [products, levels] = await Promise.all([
    listProducts(api, farm.id),
    api.farmStock.levels({ farmId: farm.id }),
  ]);
  const query = (url.searchParams.get("q") ?? "").trim();
  const status = filters.find((one) => one === url.searchParams.get("status"));
  const byId = new Map(levels.map((level) => [level.productId, level]));
  const found = products.filter(
    (product) =>
      (status ? product.status === status : product.status !== "archived") &&
      product.name.toLowerCase().includes(query.toLowerCase()),
  );
  return {
    farm,
    query,
    status,
    total: products.length,
    counts: Object.fromEntries(filters.map((one) => [one, products.filter((p) => p.status === one).length])),
    rows: found
      .toSorted((a, b) => a.name.localeCompare(b.name))
      .map((product) => {
        const level = byId.get(product.id);
        return {
          id: product.id,
          name: product.name,
          ...pictureOf(product),
          status: product.status,
          price: priceLine(product.variants),
          canSell: product.variants.some((variant) => variant.status === "live"),
          stock: level ? formatQuantity(level.availableBase, level.baseUnit) : "–",
          isLow: level !== undefined && runsLow(level),
          isOut: level !== undefined && isOut(level),
        };
      }),
  };
});

export const action = farmAction({
  status: async ({ api, farm, fields }) =>
    setStatus(api, farm, parseId<ProductId>(fields.text("subject")), fields),
});

export const meta = titled("Products");

export default function Products() {
  const { farm, rows, counts, status, query, total } = useLoaderData<typeof loader>();
  const home = `/portal/farms/${farm.slug}/products`;
  return (
    <>
      <PageHead
        title="Products"
        lead={`${counts["live"] ?? 0} on sale, ${total} in all.`}
        actions={
          <LinkButton href={`${home}/new`} icon="plus">
            New product
          </LinkButton>
        }
      />
      <OutcomeNotice />
      <div className="cluster cluster--apart">
        <Chips
          label="Status"
          chips={filters.map((one) => ({
            href: status === one ? "?" : `?status=${one}`,
            label: statusWords[one],
            count: counts[one] ?? 0,
            on: status === one,
          }))}
        />
        <Form method="get" className="filter" role="search">
          {status && <input type="hidden" name="status" value={status} />}
          <Input
            name="q"
            type="search"
            aria-label="Find a product"
            placeholder="Find a product"
            defaultValue={query}
          />
          <Button type="submit" tone="secondary">
            Find
          </Button>
        </Form>
      </div>
      {rows.length === 0 ? (
        <EmptyState
          title={query ? `Nothing is called "${query}"` : total === 0 ? "No products yet" : "Nothing here"}
          headingLevel={2}
          actions={
            <LinkButton href={query || status ? "?" : `${home}/new`}>
              {query || status ? "Show all" : "New product"}
            </LinkButton>
          }
        >
          {total === 0 && missingWords["no-products"].why}
        </EmptyState>
      ) : (
        <RowList
          label="Products"
          rows={rows.map((row) => ({
            key: row.id,
            href: `${home}/${row.id}`,
            name: row.name,
            picture: row.picture,
            photo: row.photo,
            detail: row.price || "no price yet",
            badge:
              row.status !== "live" ? (
                <Badge>{statusWords[row.status]}</Badge>
              ) : row.isOut ? (
                <Badge tone="urgent">sold out</Badge>
              ) : row.isLow ? (
                <Badge tone="urgent">low</Badge>
              ) : null,
            figure: row.stock,
            action: <StatusAct row={row} />,
          }))}
        />
      )}
    </>
  );
}

function StatusAct({ row }: { row: { id: string; name: string; status: ProductStatus; canSell: boolean } }) {
  const { id, name, status } = row;
  if (status === "live") {
    return (
      <Act
        intent="status"
        subject={id}
        fields={{ status: "hidden", name }}
        label="Hide"
        about={`Hide ${name}`}
      />
    );
  }
  if (!row.canSell) return null;
  return (
    <Act intent="status" subject={id} fields={{ status: "live", name }} label="Sell" about={`Sell ${name}`} />
  );
}
