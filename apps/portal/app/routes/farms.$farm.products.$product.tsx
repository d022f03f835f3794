import { Badge, Picture, Tabs } from "@almanac/ui";
import { Outlet, useLoaderData, useLocation } from "@remix-run/react";
import { BackLink } from "../parts/forms/outcome-notice.tsx";
import { titled } from "../parts/frame/titled.ts";
import { farmLoader } from "../server/request/handlers.ts";
import { pictureOf, priceLine, productIdOf, statusWords } from "../server/products/products.ts";

export const loader = farmLoader(async ({ api, farm, params }) => {
  const product = await api.farmCatalog.products.get({ farmId: farm.id, productId: productIdOf(params) });
  const { id, name, status } = product;
  return {
    farm,
    id,
    name,
    status,
    statusText: statusWords[status],
    price: priceLine(product.variants),
    ...pictureOf(product),
  };
});

export const meta = titled<typeof loader>(({ name }) => name);

/** A product's head and its tabs. */
export default function Product() {
  const { farm, id, name, status, statusText, price, picture, photo } = useLoaderData<typeof loader>();
  const { pathname } = useLocation();
  const products = `/portal/farms/${farm.slug}/products`;
  const home = `${products}/${id}`;
  const tabs = [
    { href: home, label: "Details" },
    { href: `${home}/prices`, label: "Prices" },
    { href: `${home}/season`, label: "Season" },
    { href: `${home}/lots`, label: "Lots" },
    { href: `/portal/farms/${farm.slug}/stock/${id}`, label: "Stock" },
  ];
  return (
    <>
      <header className="product-head">
        <BackLink href={products}>Products</BackLink>
        <div className="product-head__line">
          <Picture
            shape="thumb"
            name={picture}
            photo={photo}
            alt=""
            className="product-head__picture"
            eager
          />
          <div className="stack stack--tight">
            <h1>{name}</h1>
            <p className="cluster">
              <Badge tone={status === "live" ? "good" : "calm"}>{statusText}</Badge>
              <span className="soft">{price || "no price yet"}</span>
            </p>
          </div>
        </div>
      </header>
      <Tabs
        label="About this product"
        tabs={tabs.map((tab) => ({ ...tab, current: `/portal${pathname.replace(/\/$/, "")}` === tab.href }))}
      />
      <Outlet />
    </>
  );
}
