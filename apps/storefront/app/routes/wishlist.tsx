import type { ProductId } from "@almanac/kernel";
import { EmptyState, LinkButton, PageHead } from "@almanac/ui";
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { ProductGrid } from "../products/product-grid.tsx";
import { NotifyMe } from "../products/notify-me.tsx";
import { runForm, textOf } from "../server/answer.server.ts";
import { trackDone } from "../server/track.server.ts";

export const meta: MetaFunction = () => [{ title: "Wishlist · Almanac" }];

export async function loader({ context: { api } }: LoaderFunctionArgs) {
  const [wishes, alerts] = await Promise.all([api.wishes.list(), api.stockAlerts.list()]);
  return { wishes, alerts };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await request.formData();
  const productId = textOf(form, "productId") as ProductId;
  const name = textOf(form, "name") || "It";
  return runForm(form, async () => {
    const isRemoval = textOf(form, "intent") === "remove";
    if (isRemoval) await context.api.wishes.remove({ productId });
    else await context.api.wishes.add({ productId });
    await trackDone(context, {
      action: isRemoval ? "REMOVE_FROM_WISHLIST" : "ADD_TO_WISHLIST",
      entityType: "PRODUCT",
      entityId: productId,
    });
    return {
      message: isRemoval
        ? `${name} is off your wishlist.`
        : `${name} is on your wishlist. We tell you when its price drops.`,
      undo: { action: "/wishlist", fields: { intent: isRemoval ? "add" : "remove", productId, name } },
    };
  });
}

export default function Wishlist() {
  const { wishes, alerts } = useLoaderData<typeof loader>();
  return (
    <div className="stack stack--loose">
      <PageHead title="Wishlist" lead="When a price drops or something comes back, you hear of it first." />
      {wishes.length === 0 ? (
        <EmptyState
          title="Nothing on it yet"
          picture="strawberry"
          headingLevel={2}
          actions={<LinkButton href="/">See what is good this week</LinkButton>}
        >
          Press the heart on a product to keep it here.
        </EmptyState>
      ) : (
        <ProductGrid label="Your wishlist" picks={wishes.map((card) => ({ card }))} headingLevel={2} />
      )}
      {alerts.length > 0 && (
        <section className="stack" aria-labelledby="alerts-title">
          <h2 id="alerts-title">We tell you when it is back</h2>
          <ul className="plain-list">
            {alerts.map(({ product, kind }) => (
              <li key={`${product.id}${kind}`} className="order-line">
                <a href={`/products/${product.slug}`}>{product.name}</a>
                <NotifyMe product={product} kind={kind} isOn />
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
