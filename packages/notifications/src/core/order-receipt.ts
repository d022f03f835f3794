import { formatCents, formatMarketTime, type Cents } from "@almanac/kernel";
import type { Mail } from "../mail.ts";
import { calendarFile } from "./calendar.ts";
import { escapeHtml, mailPage } from "./html.ts";

export interface ReceiptLine {
  /** "Heirloom tomato, about 750 g" */
  readonly name: string;
  readonly quantity: number;
  readonly totalCents: Cents;
  /** Whether the price waits for the scales. */
  readonly isEstimate: boolean;
}

/** What a receipt says about an order; the order package fills it. */
export interface ReceiptOrder {
  readonly number: string;
  readonly email: string;
  readonly name: string;
  readonly currency: string;
  readonly market: { readonly name: string; readonly address: string; readonly timeZone: string };
  readonly pickup: { readonly startsAt: Date; readonly endsAt: Date };
  readonly editableUntil: Date;
  readonly farms: readonly {
    readonly name: string;
    readonly stall?: string;
    readonly lines: readonly ReceiptLine[];
  }[];
  readonly totalCents: Cents;
  /** What the card is asked for at most. */
  readonly holdCents: Cents;
  /** The order's page. */
  readonly link: string;
  readonly isCancelled?: boolean;
  /** How often the order was changed: calendars replace the event when it rises. */
  readonly revision?: number;
}

/**
 * The receipt of an order, sent when it is placed, changed or cancelled, with the pickup as a calendar file.
 *
 * @param now when it is written
 */
export function orderReceiptMail(order: ReceiptOrder, { now }: { now: Date }): Mail {
  const { timeZone } = order.market;
  const subject = order.isCancelled
    ? `Order ${order.number} is cancelled`
    : `Order ${order.number}: pickup ${formatMarketTime(order.pickup.startsAt, timeZone)}`;
  return {
    kind: order.isCancelled ? "order-cancelled" : "order-receipt",
    to: order.email,
    subject,
    text: receiptText(order),
    html: mailPage({ title: subject, bodyHtml: receiptHtml(order) }),
    attachments: [
      {
        name: `almanac-${order.number}.ics`,
        mime: "text/calendar; charset=utf-8; method=PUBLISH",
        content: calendarFile(pickupEvent(order), { stampedAt: now }),
      },
    ],
  };
}

function pickupEvent(order: ReceiptOrder) {
  const stalls = order.farms.map(({ name, stall }) => (stall ? `${name} (stall ${stall})` : name));
  return {
    uid: `order-${order.number}@almanac`,
    sequence: order.revision,
    startsAt: order.pickup.startsAt,
    endsAt: order.pickup.endsAt,
    summary: `Pickup at ${order.market.name}, order ${order.number}`,
    description: `${stalls.join("\n")}\n\n${order.link}`,
    location: [order.market.name, order.market.address].filter(Boolean).join(", "),
    isCancelled: order.isCancelled,
  };
}

function notices(order: ReceiptOrder): string[] {
  const { timeZone, name, address } = order.market;
  const money = (cents: Cents) => `${formatCents(cents)} ${order.currency}`;
  if (order.isCancelled) return ["The order is cancelled and nothing will be charged."];
  const isWeighed = order.farms.some((farm) => farm.lines.some((line) => line.isEstimate));
  return [
    `Pickup: ${formatMarketTime(order.pickup.startsAt, timeZone)} at ${[name, address].filter(Boolean).join(", ")}.`,
    ...(isWeighed
      ? [
          `Lines marked "about" are weighed for you: ${money(order.holdCents)} at most is set aside, ` +
            "and you pay what the scales say.",
        ]
      : []),
    `You can change or cancel the order until ${formatMarketTime(order.editableUntil, timeZone)}.`,
  ];
}

function lineTotal(line: ReceiptLine): string {
  return `${line.isEstimate ? "about " : ""}${formatCents(line.totalCents)}`;
}

function receiptText(order: ReceiptOrder): string {
  const farms = order.farms.map(({ name, stall, lines }) =>
    [
      stall ? `${name}, stall ${stall}` : name,
      ...lines.map((line) => `  ${line.quantity} x ${line.name}: ${lineTotal(line)}`),
    ].join("\n"),
  );
  return [
    `Hello ${order.name},`,
    ...farms,
    `Total: ${formatCents(order.totalCents)} ${order.currency}`,
    notices(order).join("\n"),
    order.link,
    "",
  ].join("\n\n");
}

function receiptHtml(order: ReceiptOrder): string {
  const cell = 'style="padding:4px 0;text-align:left;font-weight:400"';
  const sum = 'style="padding:4px 0;text-align:right;white-space:nowrap"';
  const farms = order.farms.map(({ name, stall, lines }) => {
    const rows = lines.map(
      (line) =>
        `<tr><th scope="row" ${cell}>${line.quantity} × ${escapeHtml(line.name)}</th><td ${sum}>${lineTotal(line)}</td></tr>`,
    );
    const caption = escapeHtml(stall ? `${name}, stall ${stall}` : name);
    return `<table style="width:100%;border-collapse:collapse;margin-bottom:16px">
<caption style="text-align:left;font-weight:600">${caption}</caption>
<thead><tr><th scope="col" ${cell}>Product</th><th scope="col" ${sum}>${escapeHtml(order.currency)}</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>`;
  });
  return `<p>Hello ${escapeHtml(order.name)},</p>
${farms.join("\n")}
<p><strong>Total: ${formatCents(order.totalCents)} ${escapeHtml(order.currency)}</strong></p>
${notices(order)
  .map((notice) => `<p>${escapeHtml(notice)}</p>`)
  .join("\n")}
<p><a href="${escapeHtml(order.link)}">Open the order</a></p>`;
}
