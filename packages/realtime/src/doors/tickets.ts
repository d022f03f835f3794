import { createHash, randomBytes } from "node:crypto";
import { liveTickets } from "@almanac/db/schema";
import type { Queryable } from "@almanac/db";
import { seconds, type Clock, type Milliseconds } from "@almanac/kernel";
import type { Caller } from "@almanac/trpc";
import { and, eq, gt, isNull } from "drizzle-orm";
import { findCredentialEnds, isOver, type CredentialClocks } from "./credentials.ts";

/** How long a ticket can be used. */
export const ticketLifeMs: Milliseconds = seconds(30);

export interface Ticket {
  readonly ticket: string;
  readonly expiresAt: Date;
}

/**
 * A ticket for one connection, for clients that cannot send a cookie with it. Only its hash is kept, with who the caller is
 * now: the rights that the connection gets.
 *
 * @param random 32 bytes nobody can guess
 */
export async function issueTicket(
  db: Queryable,
  clock: Clock,
  caller: Caller,
  random: Uint8Array = randomBytes(32),
): Promise<Ticket> {
  const ticket = Buffer.from(random).toString("base64url");
  const expiresAt = new Date(clock.now().getTime() + ticketLifeMs);
  // The name and the address of a person are of no use to a connection.
  const { name: _name, email: _email, ...holder } = caller;
  await db.insert(liveTickets).values({
    tokenHash: hashOf(ticket),
    shopperId: caller.shopperId,
    userId: caller.userId,
    caller: holder,
    expiresAt,
  });
  return { ticket, expiresAt };
}

/**
 * Uses a ticket up.
 *
 * @returns who asked for it; `undefined` when it is unknown, used or too old, or when the session or the API key by which it
 *   was asked for has ended
 */
export async function redeemTicket(
  db: Queryable,
  clocks: CredentialClocks,
  ticket: string,
): Promise<Caller | undefined> {
  const now = clocks.clock.now();
  const [used] = await db
    .update(liveTickets)
    .set({ usedAt: now })
    .where(
      and(
        eq(liveTickets.tokenHash, hashOf(ticket)),
        isNull(liveTickets.usedAt),
        gt(liveTickets.expiresAt, now),
      ),
    )
    .returning({ caller: liveTickets.caller });
  if (!used) return undefined;
  const stored: unknown = used.caller;
  // Only `issueTicket` writes the column, and it takes a Caller.
  const holder = stored as Caller;
  const [end] = await findCredentialEnds(db, [holder]);
  return isOver(holder, end, clocks) ? undefined : holder;
}

function hashOf(ticket: string): string {
  return createHash("sha256").update(ticket).digest("hex");
}
