import { describe, expect, it } from "vitest";
import { orderTimeline, paymentWords, whyNotEditable } from "./timeline.ts";

const order = {
  status: "placed" as const,
  timeZone: "America/New_York",
  marketDay: "2025-08-16",
  marketName: "Riverside Saturday Market",
  slot: { startsAt: "2025-08-16T15:00:00Z" },
  editableUntil: "2025-08-15T00:00:00Z",
  timeline: [{ kind: "placed", at: "2025-08-13T13:00:00Z" }],
};

describe("the way of an order", () => {
  it("says what happened and what is to come", () => {
    expect(orderTimeline(order).map(({ title, state }) => [title, state])).toEqual([
      ["Placed", "done"],
      ["The farms pack it", "current"],
      ["Collect", "upcoming"],
    ]);
    expect(orderTimeline(order)[2]?.detail).toBe("Saturday 16 August at 11:00, Riverside Saturday Market");
  });

  it("tells once what was done again and again, with the time of the last", () => {
    const changed = ["13:05", "13:06", "13:09"].map((time) => ({
      kind: "line_changed",
      at: `2025-08-13T${time}:00Z`,
    }));
    const timeline = [
      ...order.timeline,
      ...changed,
      { kind: "collection_undone", at: "2025-08-16T15:00:00Z" },
    ];
    expect(
      orderTimeline({ ...order, timeline })
        .slice(0, 3)
        .map(({ title, detail }) => [title, detail]),
    ).toEqual([
      ["Placed", "Wed 13 Aug 09:00"],
      ["Changed", "Wed 13 Aug 09:09"],
      ["Not collected after all", "Sat 16 Aug 11:00"],
    ]);
  });

  it("stops at a cancellation", () => {
    const timeline = [...order.timeline, { kind: "cancelled", at: "2025-08-13T14:00:00Z" }];
    expect(orderTimeline({ ...order, status: "cancelled", timeline }).at(-1)?.state).toBe("stopped");
  });

  it("says what is held, charged and given back", () => {
    expect(paymentWords({ status: "authorised", authorisedCents: 1696, capturedCents: 0 })).toMatch(
      /16\.96 is held/,
    );
    expect(paymentWords({ status: "captured", authorisedCents: 1696, capturedCents: 1842 })).toMatch(
      /18\.42/,
    );
    expect(paymentWords(null)).toBe("Paid at the stall.");
  });

  it("says why it can no longer be changed", () => {
    expect(whyNotEditable("cut_off_passed")).toMatch(/time for changes is over/);
    expect(whyNotEditable(undefined)).toMatch(/no longer/);
  });
});
