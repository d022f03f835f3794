import { amountOf, Anchor, Badge, EmptyState, LinkButton, PageHead } from "@almanac/ui";
import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { pickupWord, statusWords } from "../orders/timeline.ts";
import { useVisit } from "../shell/visit.ts";
import { atMarket, dayInWords } from "../words/dates.ts";

export const meta: MetaFunction = () => [{ title: "Orders · Almanac" }];

export async function loader({ request, context: { api } }: LoaderFunctionArgs) {
  const cursor = new URL(request.url).searchParams.get("cursor");
  return api.orders.list({ limit: 20, ...(cursor && { cursor }) });
}

export default function Orders() {
  const { items, nextCursor } = useLoaderData<typeof loader>();
  const { me } = useVisit();
  return (
    <>
      <PageHead
        title="Orders"
        lead={me.signedIn ? undefined : "Those of this browser. Sign in to see those of your account."}
      />
      {items.length === 0 ? (
        <EmptyState
          title="No orders yet"
          headingLevel={2}
          actions={<LinkButton href="/">See what is good this week</LinkButton>}
        />
      ) : (
        <ul className="plain-list">
          {items.map((order) => (
            <li key={order.id} className="card order-line">
              <div>
                <h2 className="card__title">
                  <Anchor href={`/orders/${order.number}`}>Order {order.number}</Anchor>
                </h2>
                <p className="soft">{order.farmNames.join(", ")}</p>
                <p className="soft small">
                  {order.marketDay
                    ? `${pickupWord(order.status)} on ${dayInWords(order.marketDay)}${order.slot ? ` at ${atMarket(order.slot.startsAt, order.timeZone, "time")}` : ""}, ${order.marketName}`
                    : `${dayInWords(order.placedAt)}, ${order.marketName}`}
                </p>
              </div>
              <div className="cluster">
                <Badge tone={order.status === "cancelled" ? "calm" : "good"}>
                  {statusWords[order.status]}
                </Badge>
                <strong className="numeric">{amountOf(order.totalCents)}</strong>
              </div>
            </li>
          ))}
        </ul>
      )}
      {nextCursor && (
        <p>
          <LinkButton href={`/orders?cursor=${encodeURIComponent(nextCursor)}`} tone="secondary">
            Older orders
          </LinkButton>
        </p>
      )}
    </>
  );
}
