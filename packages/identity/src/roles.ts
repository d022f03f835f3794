import { and, desc, eq, ilike, inArray, lt, or } from "drizzle-orm";
import {
  farmMembers,
  farms,
  liveTickets,
  marketManagers,
  markets,
  roleGrants,
  users,
} from "@almanac/db/schema";
import type { Queryable, Transaction } from "@almanac/db";
import { publishFact } from "@almanac/events";
import { AppError, type Clock, type FarmId, type MarketId, type UserId } from "@almanac/kernel";
import type { Role } from "@almanac/trpc";
import { writeAudit } from "./audit.ts";

/** Who acts, and when. */
export interface Act {
  readonly actorUserId: UserId;
  readonly clock: Clock;
}

/** Gives a platform role. Giving it twice changes nothing and writes no second line in the audit log. */
export async function grantRole(
  tx: Transaction,
  { userId, role }: { userId: UserId; role: Role },
  { actorUserId, clock }: Act,
): Promise<void> {
  await assertUser(tx, userId);
  const at = clock.now();
  const written = await tx
    .insert(roleGrants)
    .values({ userId, role, grantedBy: actorUserId, grantedAt: at })
    .onConflictDoNothing()
    .returning();
  if (written.length > 0) {
    await writeAudit(tx, { at, actorUserId, action: "role.granted", subject: userId, details: { role } });
  }
}

/**
 * Takes a platform role away.
 *
 * @throws AppError `last_operator` when nobody would be left to give it back
 */
export async function revokeRole(
  tx: Transaction,
  { userId, role }: { userId: UserId; role: Role },
  { actorUserId, clock }: Act,
): Promise<void> {
  await assertUser(tx, userId);
  if (role === "operator") await assertNotLastOperator(tx, userId);
  const removed = await tx
    .delete(roleGrants)
    .where(and(eq(roleGrants.userId, userId), eq(roleGrants.role, role)))
    .returning();
  if (removed.length > 0) {
    await dropConnections(tx, userId);
    await writeAudit(tx, {
      at: clock.now(),
      actorUserId,
      action: "role.revoked",
      subject: userId,
      details: { role },
    });
  }
}

/**
 * Locks all operators, so that two of them who remove each other at the same moment cannot both succeed.
 *
 * @throws AppError `last_operator`
 */
export async function assertNotLastOperator(tx: Transaction, userId: UserId): Promise<void> {
  const operators = await tx
    .select({ userId: roleGrants.userId })
    .from(roleGrants)
    .where(eq(roleGrants.role, "operator"))
    .orderBy(roleGrants.userId)
    .for("update");
  if (operators.length === 1 && operators[0]?.userId === userId) {
    throw new AppError("last_operator", "The last operator stays one: make another first.");
  }
}

export async function addFarmMember(
  tx: Transaction,
  { farmId, userId, role }: { farmId: FarmId; userId: UserId; role: "owner" | "staff" },
  { actorUserId, clock }: Act,
): Promise<void> {
  await assertUser(tx, userId);
  const [farm] = await tx.select({ id: farms.id }).from(farms).where(eq(farms.id, farmId));
  if (!farm) throw new AppError("farm_not_found", "There is no such farm.");
  const at = clock.now();
  await tx
    .insert(farmMembers)
    .values({ farmId, userId, role, addedAt: at })
    .onConflictDoUpdate({ target: [farmMembers.farmId, farmMembers.userId], set: { role } });
  await writeAudit(tx, {
    at,
    actorUserId,
    action: "farm_member.added",
    subject: userId,
    details: { farmId, role },
  });
}

export async function removeFarmMember(
  tx: Transaction,
  { farmId, userId }: { farmId: FarmId; userId: UserId },
  { actorUserId, clock }: Act,
): Promise<void> {
  const removed = await tx
    .delete(farmMembers)
    .where(and(eq(farmMembers.farmId, farmId), eq(farmMembers.userId, userId)))
    .returning();
  if (removed.length === 0) throw new AppError("user_not_found", "That person is not a member of the farm.");
  await dropConnections(tx, userId);
  await writeAudit(tx, {
    at: clock.now(),
    actorUserId,
    action: "farm_member.removed",
    subject: userId,
    details: { farmId },
  });
}

export async function addMarketManager(
  tx: Transaction,
  { marketId, userId }: { marketId: MarketId; userId: UserId },
  { actorUserId, clock }: Act,
): Promise<void> {
  await assertUser(tx, userId);
  const [market] = await tx.select({ id: markets.id }).from(markets).where(eq(markets.id, marketId));
  if (!market) throw new AppError("market_not_found", "There is no such market.");
  const at = clock.now();
  const written = await tx
    .insert(marketManagers)
    .values({ marketId, userId, addedAt: at })
    .onConflictDoNothing()
    .returning();
  if (written.length > 0) {
    await writeAudit(tx, {
      at,
      actorUserId,
      action: "market_manager.added",
      subject: userId,
      details: { marketId },
    });
  }
}

export async function removeMarketManager(
  tx: Transaction,
  { marketId, userId }: { marketId: MarketId; userId: UserId },
  { actorUserId, clock }: Act,
): Promise<void> {
  const removed = await tx
    .delete(marketManagers)
    .where(and(eq(marketManagers.marketId, marketId), eq(marketManagers.userId, userId)))
    .returning();
  if (removed.length === 0) throw new AppError("user_not_found", "That person does not manage the market.");
  await dropConnections(tx, userId);
  await writeAudit(tx, {
    at: clock.now(),
    actorUserId,
    action: "market_manager.removed",
    subject: userId,
    details: { marketId },
  });
}

export interface UserListing {
  readonly id: UserId;
  readonly name: string;
  readonly email: string;
  readonly createdAt: Date;
  readonly roles: Role[];
  readonly farms: { id: FarmId; name: string; role: "owner" | "staff" }[];
  readonly markets: { id: MarketId; name: string }[];
}

/** Accounts, newest id first; `query` is looked for in name and e-mail. */
export async function listUsers(
  db: Queryable,
  { query, cursor, limit }: { query?: string; cursor?: UserId; limit: number },
): Promise<{ users: UserListing[]; nextCursor?: UserId }> {
  const like = query ? `%${query.replace(/[\\%_]/g, "\\$&")}%` : undefined;
  const rows = await db
    .select({ id: users.id, name: users.name, email: users.email, createdAt: users.createdAt })
    .from(users)
    .where(
      and(
        cursor ? lt(users.id, cursor) : undefined,
        like ? or(ilike(users.name, like), ilike(users.email, like)) : undefined,
      ),
    )
    .orderBy(desc(users.id))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    users: await withMemberships(db, page),
    ...(rows.length > limit && last && { nextCursor: last.id }),
  };
}

async function withMemberships(
  db: Queryable,
  people: Pick<UserListing, "id" | "name" | "email" | "createdAt">[],
): Promise<UserListing[]> {
  if (people.length === 0) return [];
  const ids = people.map((person) => person.id);
  const roles = await db
    .select()
    .from(roleGrants)
    .where(inArray(roleGrants.userId, ids))
    .orderBy(roleGrants.role);
  const ofFarms = await db
    .select({ userId: farmMembers.userId, id: farms.id, name: farms.name, role: farmMembers.role })
    .from(farmMembers)
    .innerJoin(farms, eq(farms.id, farmMembers.farmId))
    .where(inArray(farmMembers.userId, ids))
    .orderBy(farms.name);
  const ofMarkets = await db
    .select({ userId: marketManagers.userId, id: markets.id, name: markets.name })
    .from(marketManagers)
    .innerJoin(markets, eq(markets.id, marketManagers.marketId))
    .where(inArray(marketManagers.userId, ids))
    .orderBy(markets.name);
  return people.map((person) => ({
    ...person,
    roles: roles.filter((row) => row.userId === person.id).map((row) => row.role),
    farms: ofFarms
      .filter((row) => row.userId === person.id)
      .map(({ id, name, role }) => ({ id, name, role })),
    markets: ofMarkets.filter((row) => row.userId === person.id).map(({ id, name }) => ({ id, name })),
  }));
}

/**
 * Live connections, and tickets for them, know the rights they were opened with; they are closed and come back with what is
 * left.
 */
async function dropConnections(tx: Transaction, userId: UserId): Promise<void> {
  await tx.delete(liveTickets).where(eq(liveTickets.userId, userId));
  await publishFact(tx, { topic: "session.revoked", payload: { userId } });
}

async function assertUser(db: Queryable, userId: UserId): Promise<void> {
  const [user] = await db.select({ id: users.id }).from(users).where(eq(users.id, userId));
  if (!user) throw new AppError("user_not_found", "There is no such account.");
}
