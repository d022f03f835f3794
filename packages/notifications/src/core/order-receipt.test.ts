import { describe, expect, it } from "vitest";
import { orderReceiptMail, type ReceiptOrder } from "./order-receipt.ts";

const order: ReceiptOrder = {
  number: "A-1042",
  email: "maya@example.org",
  name: "Maya <b>",
  currency: "USD",
  market: { name: "Riverside Saturday Market", address: "Dock Street", timeZone: "America/New_York" },
  pickup: { startsAt: new Date("2025-08-16T15:00:00Z"), endsAt: new Date("2025-08-16T16:00:00Z") },
  editableUntil: new Date("2025-08-15T00:00:00Z"),
  farms: [
    {
      name: "Hollow Oak",
      stall: "4",
      lines: [{ name: "Heirloom tomato, about 750 g", quantity: 2, totalCents: 735, isEstimate: true }],
    },
    {
      name: "Fern Bank",
      lines: [{ name: "Basil <script>", quantity: 1, totalCents: 250, isEstimate: false }],
    },
  ],
  totalCents: 985,
  holdCents: 1096,
  link: "https://shop.example/orders/A-1042",
};
const now = new Date("2025-08-13T13:00:00Z");

describe("the receipt of an order", () => {
  const mail = orderReceiptMail(order, { now });

  it("says what, where, when and until when it can be changed, in the market's own time", () => {
    expect(mail.subject).toBe("Order A-1042: pickup Sat 16 Aug, 11:00");
    expect(mail.text).toBe(`Hello Maya <b>,

Hollow Oak, stall 4
  2 x Heirloom tomato, about 750 g: about 7.35

Fern Bank
  1 x Basil <script>: 2.50

Total: 9.85 USD

Pickup: Sat 16 Aug, 11:00 at Riverside Saturday Market, Dock Street.
Lines marked "about" are weighed for you: 10.96 USD at most is set aside, and you pay what the scales say.
You can change or cancel the order until Thu 14 Aug, 20:00.

https://shop.example/orders/A-1042

`);
  });

  it("says nothing of scales when nothing is weighed", () => {
    const [, basil] = order.farms;
    const { text } = orderReceiptMail({ ...order, farms: basil ? [basil] : [] }, { now });
    expect(text).not.toContain("weighed");
  });

  it("says the same in HTML, with everything that people typed made inert", () => {
    expect(mail.html).toContain("Basil &lt;script&gt;");
    expect(mail.html).not.toContain("<script>");
    expect(mail.html).toContain('<html lang="en">');
    expect(mail.html).toContain('<th scope="row"');
  });

  it("carries the pickup as a calendar file", () => {
    expect(mail.attachments).toHaveLength(1);
    const [file] = mail.attachments ?? [];
    expect(file).toMatchObject({
      name: "almanac-A-1042.ics",
      mime: "text/calendar; charset=utf-8; method=PUBLISH",
    });
    expect(file?.content).toContain("DTSTART:20250816T150000Z\r\n");
    expect(file?.content).toContain("LOCATION:Riverside Saturday Market\\, Dock Street\r\n");
  });

  it("of a cancelled order takes the calendar entry back", () => {
    const cancelled = orderReceiptMail({ ...order, isCancelled: true, revision: 3 }, { now });
    expect(cancelled.kind).toBe("order-cancelled");
    expect(cancelled.subject).toBe("Order A-1042 is cancelled");
    expect(cancelled.attachments?.[0]?.content).toContain("STATUS:CANCELLED");
    expect(cancelled.attachments?.[0]?.content).toContain("SEQUENCE:3");
  });
});
