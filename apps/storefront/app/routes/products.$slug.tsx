import {
  trpc,
  useExposure,
  useSeed,
  useSimilarShelf,
  useTogetherShelf,
  useTrackOnce,
} from "@almanac/client/react";
import type { ProductId } from "@almanac/kernel";
import { Breadcrumbs, HarvestCalendar } from "@almanac/ui";
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useLocation } from "@remix-run/react";
import { pictureOf, unitText } from "../products/card.ts";
import { harvestYear } from "../products/harvest-year.ts";
import { ProductFacts } from "../products/product-facts.tsx";
import { ProductHead } from "../products/product-head.tsx";
import { Ratings } from "../products/ratings.tsx";
import { useRecommends } from "../products/recommending.ts";
import { Shelf } from "../products/shelf.tsx";
import { shelfSize } from "../products/shelf-size.ts";
import { runForm, textOf } from "../server/answer.server.ts";
import { productPageOf } from "../server/product-page.server.ts";
import { trackDone } from "../server/track.server.ts";
import { useVisit } from "../shell/visit.ts";
import { amountOf } from "@almanac/ui";

export const loader = (args: LoaderFunctionArgs) => productPageOf(args);

export const meta: MetaFunction<typeof loader> = ({ data }) => {
  if (!data) return [{ title: "Almanac" }];
  const { product, address } = data;
  const [variant] = product.variants;
  const title = `${product.name} from ${product.farm.name} · Almanac`;
  const price = variant ? `${amountOf(variant.unitPriceCents)} ${unitText(variant)}. ` : "";
  const description = `${price}${product.description}`.slice(0, 200);
  const photo = product.image && `/images/${product.image.id}/${product.image.widths.at(-1)}.webp`;
  return [
    { title },
    { name: "description", content: description },
    { property: "og:title", content: title },
    { property: "og:description", content: description },
    { property: "og:type", content: "product" },
    { property: "og:url", content: address },
    { property: "og:image", content: new URL(photo ?? `/pictures/${pictureOf(product)}.svg`, address).href },
  ];
};

/** Rates the product; the basket, the wishlist and alerts have their own addresses. */
export async function action({ request, context }: ActionFunctionArgs) {
  const form = await request.formData();
  const productId = textOf(form, "productId") as ProductId;
  return runForm(form, async () => {
    const stars = Number(textOf(form, "stars"));
    await context.api.ratings.rateProduct({ productId, stars, body: textOf(form, "body") });
    await trackDone(context, {
      action: "RATE_PRODUCT",
      entityType: "PRODUCT",
      entityId: productId,
      metadata: { stars },
    });
    return { message: "Thank you. Your rating helps your neighbours choose." };
  });
}

export default function Product() {
  const { product, card, instead, isHidden, ratings, similar, together } = useLoaderData<typeof loader>();
  const { year, market } = useVisit();
  const { key } = useLocation();
  const stock = useStock(product.id, card);
  const marketId = market?.id;
  const similarShelf = useSimilarShelf(product.id, { loaded: similar, marketId, size: 2 * shelfSize });
  const togetherShelf = useTogetherShelf(product.id, { loaded: together, marketId, size: shelfSize });
  const isAbove = new Set<string>(togetherShelf.items?.map(({ card: above }) => above.id));
  const onlySimilar = similarShelf.items?.filter(({ card: like }) => !isAbove.has(like.id));
  const seasonYear = harvestYear(product.harvest);
  const recommends = useRecommends(similar);
  const seen = useExposure("recommendations");
  const seenInstead = useExposure("recommendations");
  useTrackOnce(`${key} ${product.id}`, {
    action: "VIEW_PRODUCT",
    entityType: "PRODUCT",
    entityId: product.id,
  });

  return (
    <div className="stack stack--loose">
      <div>
        <Breadcrumbs
          items={[
            { label: "Home", href: "/" },
            { label: product.category.name, href: `/search?category=${product.category.slug}` },
            { label: product.name },
          ]}
        />
        <ProductHead
          product={product}
          stock={stock}
          ratings={ratings}
          seasonYear={seasonYear}
          isHidden={isHidden}
        />
      </div>
      {/* Each begins where its shelf would be in every arm, and is never empty. */}
      <div ref={instead ? seenInstead : undefined} className="stack stack--loose">
        {recommends && instead && instead.items.length > 0 && (
          <Shelf
            name="instead"
            title="Instead of it"
            text="What can be had now and is nearest to it."
            picks={instead.items}
          />
        )}
        <ProductFacts product={product} />
      </div>
      <div ref={seen} className="stack stack--loose">
        {recommends && (
          <>
            <Shelf
              name="bought-together"
              title="Often bought together"
              picks={togetherShelf.items}
              hasFailed={togetherShelf.hasFailed}
              empty={<p className="soft">Not bought often enough yet to say what goes with it.</p>}
            />
            <Shelf
              name="similar"
              title="Similar products"
              picks={onlySimilar?.slice(0, shelfSize)}
              hasFailed={similarShelf.hasFailed}
              empty={<p className="soft">There is nothing quite like it right now.</p>}
            />
          </>
        )}
        {seasonYear && (
          <HarvestCalendar
            caption={`When ${product.farm.name} harvests it`}
            month={year.month}
            rows={[{ name: product.name, picture: pictureOf(product), year: seasonYear }]}
          />
        )}
        <Ratings product={product} ratings={ratings} />
      </div>
    </div>
  );
}

/** What can be had of it: as loaded, and again when the live lane says that it changed. */
function useStock(productId: ProductId, loaded: ReturnType<typeof useLoaderData<typeof loader>>["card"]) {
  const utils = trpc.useUtils();
  const input = { productId };
  useSeed(loaded, (card) => utils.shop.card.setData(input, card));
  return trpc.shop.card.useQuery(input, loaded && { initialData: loaded }).data;
}
