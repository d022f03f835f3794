import type { Queryable, Transaction } from "@almanac/db";
import { commitGroup, type Bus, type CommitGroup, type Consumer } from "@almanac/events";
import { invariant, type ShopperId } from "@almanac/kernel";
import { parseChannel, sessionsChannel, shopperChannel } from "../core/topics.ts";
import { livePayloads, type LiveContent } from "../messages.ts";
import { insertLiveMessage, insertLiveMessages, type LiveRecord } from "../store.ts";

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
  return publishOn(db, bus, publicationOf(message));
}

/**
 * The same for many messages in one statement, in this order, in the caller's transaction.
 *
 * @throws InvariantError as `publishLive` does; nothing is published then
 */
export async function publishLiveAll(
  tx: Transaction,
  bus: Bus,
  messages: readonly (LiveContent & { readonly topic: string })[],
): Promise<void> {
  if (messages.length === 0) return;
  const records = await insertLiveMessages(tx, messages.map(publicationOf));
  await bus.publish(liveChannel, { seq: records.at(-1)?.seq });
}

function publicationOf({ topic, type, payload }: LiveContent & { readonly topic: string }): Publication {
  const channel = parseChannel(topic);
  invariant(channel !== undefined && channel !== sessionsChannel, `nobody can receive topic "${topic}"`);
  const parsed = livePayloads[type].safeParse(payload);
  invariant(parsed.success, `a ${type} does not look like this: ${parsed.error?.message ?? ""}`);
  return { channel, type, payload: { ...payload } };
}

type Publication = Pick<LiveRecord, "channel" | "type" | "payload">;

async function publishOn(db: Queryable, bus: Bus, message: Publication): Promise<string> {
  if (!isTransaction(db)) return String(await groupOf(db, bus).add(message));
  const seq = await insertLiveMessage(db, message);
  await bus.publish(liveChannel, { seq });
  return String(seq);
}

/** Whether what is written here is not committed yet. */
const isTransaction = (db: Queryable): boolean => "rollback" in db;

/** At most so many bytes of messages share a commit and a bus message. */
const maxGroupBytes = 262_144;

type PublishGroup = CommitGroup<Publication, number>;

const groups = new WeakMap<Queryable, WeakMap<Bus, PublishGroup>>();

/**
 * Outside of a transaction, messages that come while others are being kept are kept together. Being committed, they go over
 * the bus whole, and a hub that is up to date delivers them without reading.
 */
function groupOf(db: Queryable, bus: Bus): PublishGroup {
  const ofDb = groups.get(db) ?? new WeakMap<Bus, PublishGroup>();
  groups.set(db, ofDb);
  const known = ofDb.get(bus);
  if (known) return known;
  const made: PublishGroup = commitGroup(
    async (messages) => {
      const records = await insertLiveMessages(db, messages);
      await bus.publish(liveChannel, { seq: records.at(-1)?.seq, records });
      return records.map(({ seq }) => seq);
    },
    { maxWeight: maxGroupBytes, weightOf: ({ payload }) => JSON.stringify(payload).length },
  );
  ofDb.set(bus, made);
  return made;
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

/** Ends the connections of a session or an API key that ended, and of a visitor who signed in, in every process. */
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
