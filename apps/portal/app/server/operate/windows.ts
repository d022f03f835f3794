import { atMarketTime, parseId, type OrderWindowId } from "@almanac/kernel";
import { dayInWords, localInput, momentAt, timeAt } from "../words/dates.ts";
import type { Fields } from "../request/fields.ts";
import type { Api, MarketPlace } from "../request/person.ts";

type DeskWindow = Awaited<ReturnType<Api["marketDesk"]["windows"]["list"]>>["items"][number];

export const windowIdOf = (text: string): OrderWindowId => parseId<OrderWindowId>(text);

export type WindowView = ReturnType<typeof windowView>;

/** An order window in words, on the market's clock. */
export function windowView(
  window: DeskWindow,
  timeZone: string,
  taken: ReadonlyMap<string, number>,
  now: Date,
) {
  const slots = window.slots.map((slot) => ({
    id: slot.id,
    from: timeAt(slot.startsAt, timeZone),
    to: timeAt(slot.endsAt, timeZone),
    capacity: slot.capacityOrders,
    taken: taken.get(slot.id) ?? 0,
  }));
  return {
    id: window.id,
    marketDay: window.marketDay,
    day: dayInWords(window.marketDay, now),
    opens: momentAt(window.opensAt, timeZone, now),
    closes: momentAt(window.closesAt, timeZone, now),
    opensInput: localInput(window.opensAt, timeZone),
    closesInput: localInput(window.closesAt, timeZone),
    state: window.state,
    slots,
    capacity: slots.reduce((sum, slot) => sum + slot.capacity, 0),
    taken: slots.reduce((sum, slot) => sum + slot.taken, 0),
  };
}

/** Places that are taken, by slot, in these windows. */
export async function placesTaken(
  api: Api,
  market: MarketPlace,
  windows: readonly { readonly id: OrderWindowId }[],
): Promise<ReadonlyMap<string, number>> {
  const windowIds = windows.map(({ id }) => id);
  const slots = await api.marketOrders.slotOrders({ marketId: market.id, windowIds });
  return new Map(slots.map(({ slotId, orders }) => [slotId, orders]));
}

/** The window of an address: among the latest hundred, or not there. */
export async function findWindow(api: Api, market: MarketPlace, id: string): Promise<DeskWindow | undefined> {
  const { items } = await api.marketDesk.windows.list({ marketId: market.id, limit: 100 });
  return items.find((window) => window.id === id);
}

/** A field of type `datetime-local`, read on the market's clock; `undefined` when left empty. */
export function marketMoment(fields: Fields, name: string, timeZone: string): string | undefined {
  const text = fields.text(name);
  if (text === "") return undefined;
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})/.exec(text);
  if (!match) {
    fields.wrong(name, "A day and a time.");
    return undefined;
  }
  return atMarketTime(match[1] ?? "", Number(match[2]), Number(match[3]), timeZone).toISOString();
}
