import { useCart, useCartShelf, useExposure, type Cart } from "@almanac/client/react";
import type { MarketId, ProductId, VariantId } from "@almanac/kernel";
import { Card, EmptyState, LinkButton, Notice, PageHead, Totals } from "@almanac/ui";
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BasketGroups } from "../cart/basket-groups.tsx";
import { basketTotals, holdWords } from "../cart/totals.tsx";
import { useRecommends } from "../products/recommending.ts";
import { Shelf } from "../products/shelf.tsx";
import { loadBeside, runForm, textOf } from "../server/answer.server.ts";
import { marketOf } from "../server/visit.server.ts";
import { changeBasket } from "../cart/change-basket.server.ts";
import { useVisit } from "../shell/visit.ts";
import { atMarket, dayInWords } from "../words/dates.ts";

export const meta: MetaFunction = () => [{ title: "Basket · Almanac" }];

export async function loader({ context }: LoaderFunctionArgs) {
  const { api } = context;
  const here = await marketOf(context);
  return { complete: await loadBeside(() => api.recsys.forCart({ ...here, limit: 4 })) };
}

/** Everything that changes the basket, from whichever page. */
export async function action({ request, context }: ActionFunctionArgs) {
  const form = await request.formData();
  return runForm(form, () =>
    changeBasket(context, {
      intent: textOf(form, "intent"),
      variantId: textOf(form, "variantId") as VariantId,
      productId: textOf(form, "productId") as ProductId,
      marketId: textOf(form, "marketId") as MarketId,
      quantity: Number(textOf(form, "quantity") || "1") + Number(textOf(form, "step") || "0"),
      name: textOf(form, "name"),
      from: textOf(form, "from"),
    }),
  );
}

export default function Basket() {
  const { complete } = useLoaderData<typeof loader>();
  const { market } = useVisit();
  const cart = useCart();
  const { items, hasFailed } = useCartShelf({ loaded: complete, marketId: market?.id, size: 4 });
  const recommends = useRecommends(complete);
  const seen = useExposure("recommendations");
  if (!cart || cart.lines.length === 0) return <EmptyBasket />;
  const { window } = cart;
  const isBlocked = !window?.isOpen || cart.lines.every((line) => line.problem);
  return (
    <div className="stack stack--loose">
      <PageHead
        title="Basket"
        lead={
          window
            ? `For ${cart.marketName} on ${dayInWords(window.marketDay)}. Order until ${atMarket(window.closesAt, cart.timeZone, "weekday-time")}.`
            : `For ${cart.marketName}. Its next market day is not planned yet.`
        }
      />
      <div className="beside">
        <BasketGroups cart={cart} />
        <div className="stack beside__sticky">
          <Card title="Together">
            <Totals items={basketTotals(cart)} />
          </Card>
          <HoldNotice cart={cart} />
          {isBlocked ? (
            <Notice tone="urgent" title="Ordering is closed for now">
              {window
                ? "Nothing in the basket can be ordered."
                : "Come back when the next market day is planned; your basket stays."}
            </Notice>
          ) : (
            <LinkButton href="/checkout" size="large" wide>
              Check out
            </LinkButton>
          )}
        </div>
      </div>
      <div ref={seen}>
        {recommends && (
          <Shelf
            name="complete-order"
            title="Complete your order"
            text="What others took home with it, all to be had on the same day."
            picks={items}
            hasFailed={hasFailed}
            empty={<p className="soft">Your basket looks complete.</p>}
          />
        )}
      </div>
    </div>
  );
}

function HoldNotice({ cart }: { cart: Cart }) {
  const words = holdWords(cart);
  return words ? (
    <Notice icon="scale" title={words.title}>
      {words.text}
    </Notice>
  ) : null;
}

function EmptyBasket() {
  return (
    <EmptyState
      title="Your basket is empty"
      headingLevel={1}
      actions={<LinkButton href="/">See what is good this week</LinkButton>}
    >
      One basket for all farms of the market, one payment, one place to collect.
    </EmptyState>
  );
}
