import type { LoaderFunctionArgs } from "@remix-run/node";
import { shelfSize } from "../products/shelf-size.ts";
import { loadBeside, loadOr404 } from "./answer.server.ts";
import { marketOf } from "./visit.server.ts";

/** A product with all that its page shows beside it; 404 where there is none of that name. */
export async function productPageOf({ params, request, context }: LoaderFunctionArgs) {
  const { api } = context;
  const product = await loadOr404(api.products.get({ slug: params["slug"] ?? "" }));
  const here = await marketOf(context);
  const [card, hidden, ratings, similar, together, limited] = await Promise.all([
    loadBeside(() => api.shop.card({ productId: product.id })),
    loadBeside(() => api.recsys.hidden()),
    loadBeside(() => api.ratings.forProduct({ productId: product.id, limit: 10 })),
    loadBeside(() => api.recsys.similarItems({ ...here, productId: product.id, limit: 2 * shelfSize })),
    loadBeside(() => api.recsys.boughtTogether({ ...here, productId: product.id, limit: shelfSize })),
    loadBeside(() => api.pricePlans.current({ productId: product.id })),
  ]);
  const instead =
    card?.isAvailable === false
      ? await loadBeside(() => api.recsys.substitutes({ ...here, productId: product.id, limit: 4 }))
      : undefined;
  const variants = product.variants.map((variant) => ({
    ...variant,
    /** A price that holds for some days, in the farm's words. */
    limited: limited?.find(({ variantId }) => variantId === variant.id) ?? null,
  }));
  return {
    product: { ...product, variants },
    card,
    instead,
    isHidden: hidden?.some(({ productId }) => productId === product.id) ?? false,
    ratings,
    similar,
    together,
    address: new URL(`/products/${product.slug}`, request.url).href,
  };
}
