import type { Queryable } from "@almanac/db";
import type { Bus, Consumer } from "@almanac/events";
import { invariant, type ShopperId } from "@almanac/kernel";
import { parseChannel, sessionsChannel, shopperChannel } from "./core/topics.ts";
import { livePayloads, type LiveContent } from "./messages.ts";
import { insertLiveMessage } from "./store.ts";

/** New live messages were published. */
export const liveChannel = "live";

/**
 * Publishes a message on the live lane. In a transaction it goes out when that commits, and not at all if it does not.
 * Other publishers wait until then, so publish late in a transaction and keep it short.
 *
 * @param message `topic` is one that clients name, or `shopperChannel(id, topic)` for one shopper alone
 * @returns the message's cursor
 * @throws InvariantError when there is no such topic or the payload is not of the type's shape: a bug in the caller
 */
export async function publishLive(
  db: Queryable,
  bus: Bus,
  message: LiveContent & { readonly topic: string },
): Promise<string> {
  const channel = parseChannel(message.topic);
  invariant(
    channel !== undefined && channel !== sessionsChannel,
    `nobody can receive topic "${message.topic}"`,
  );
  const parsed = livePayloads[message.type].safeParse(message.payload);
  invariant(parsed.success, `a ${message.type} does not look like this: ${parsed.error?.message ?? ""}`);
  return publishOn(db, bus, { channel, type: message.type, payload: { ...message.payload } });
}

async function publishOn(
  db: Queryable,
  bus: Bus,
  message: { channel: string; type: string; payload: Record<string, unknown> },
): Promise<string> {
  const seq = await insertLiveMessage(db, message);
  await bus.publish(liveChannel, { seq });
  return String(seq);
}

/** Tells a shopper's other pages that the cart changed. */
function cartConsumer(bus: Bus): Consumer {
  return {
    name: "realtime.cart",
    topics: ["cart.changed"],
    async handle(fact, { tx }) {
      if (fact.topic !== "cart.changed") return;
      const { shopperId, version } = fact.payload;
      await publishLive(tx, bus, {
        topic: shopperChannel(shopperId satisfies ShopperId, "cart"),
        type: "CART_UPDATE",
        payload: { version },
      });
    },
  };
}

/** Ends the connections of a session that ended, in every process. */
function sessionConsumer(bus: Bus): Consumer {
  return {
    name: "realtime.sessions",
    topics: ["session.revoked"],
    async handle(fact, { tx }) {
      if (fact.topic !== "session.revoked") return;
      const payload = { ...fact.payload };
      await publishOn(tx, bus, { channel: sessionsChannel, type: "SESSION_REVOKED", payload });
    },
  };
}

/** What the live lane itself does about facts; give these to the relay. */
export function liveConsumers(bus: Bus): Consumer[] {
  return [cartConsumer(bus), sessionConsumer(bus)];
}
