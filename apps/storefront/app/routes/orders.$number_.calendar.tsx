import type { LoaderFunctionArgs } from "@remix-run/node";
import { pickupCalendar } from "../orders/pickup-calendar.ts";
import { loadOr404 } from "../server/answer.server.ts";

/** The pickup as a calendar file. */
export async function loader({ params, request, context: { api } }: LoaderFunctionArgs) {
  const order = await loadOr404(api.orders.get({ number: params["number"] ?? "" }));
  if (!order.slot) throw new Response("This order has no pickup time.", { status: 404 });
  const file = pickupCalendar({
    number: order.number,
    marketName: order.marketName,
    farmNames: order.farmNames,
    placedAt: order.placedAt,
    startsAt: order.slot.startsAt,
    endsAt: order.slot.endsAt,
    url: new URL(`/orders/${order.number}`, request.url).href,
  });
  return new Response(file, {
    headers: {
      "content-type": "text/calendar; charset=utf-8",
      "content-disposition": `attachment; filename="almanac-${order.number}.ics"`,
    },
  });
}
