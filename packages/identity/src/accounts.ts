import { eq } from "drizzle-orm";
import { accounts, farmMembers, marketManagers, roleGrants, users } from "@almanac/db/schema";
import type { Queryable, Transaction } from "@almanac/db";
import {
  AppError,
  newId,
  type Clock,
  type FarmId,
  type MarketId,
  type ShopperId,
  type UserId,
} from "@almanac/kernel";
import type { Role } from "@almanac/trpc";
import { writeAudit } from "./audit.ts";
import { hashPassword } from "./password.ts";
import { ensureAccountShopper } from "./shoppers.ts";

/** Accounts of the demo end in this; production refuses to sign them in. */
export const demoEmailDomain = "@demo.example";

export function isDemoEmail(email: string): boolean {
  return email.trim().toLowerCase().endsWith(demoEmailDomain);
}

export interface NewAccount {
  readonly email: string;
  readonly name: string;
  /** One of the two; a hash made once serves many accounts, as argon2id takes its time on purpose. */
  readonly password?: string;
  readonly passwordHash?: string;
  /** Fixed ids keep a generated world the same on every run. */
  readonly userId?: UserId;
  readonly roles?: readonly Role[];
  readonly farms?: readonly { farmId: FarmId; role: "owner" | "staff" }[];
  readonly markets?: readonly MarketId[];
  readonly origin?: "account" | "demo" | "import";
}

/**
 * Writes an account that can sign in with a password, with its shopper, roles and memberships.
 *
 * @throws AppError `email_taken` when somebody signs in with that address already
 */
export async function createAccount(
  tx: Transaction,
  account: NewAccount,
  { clock }: { clock: Clock },
): Promise<{ userId: UserId; shopperId: ShopperId }> {
  const now = clock.now();
  const email = account.email.trim().toLowerCase();
  const userId = account.userId ?? newId<UserId>(now.getTime());
  const passwordHash = account.passwordHash ?? (await hashPassword(requirePassword(account.password)));
  const written = await tx
    .insert(users)
    .values({ id: userId, email, name: account.name, createdAt: now, updatedAt: now })
    .onConflictDoNothing({ target: users.email })
    .returning({ id: users.id });
  if (written.length === 0) throw new AppError("email_taken", "Somebody signs in with that address already.");
  await tx.insert(accounts).values({
    id: newId(now.getTime()),
    accountId: userId,
    providerId: "credential",
    userId,
    password: passwordHash,
    createdAt: now,
    updatedAt: now,
  });
  const { roles = [], farms = [], markets = [] } = account;
  if (roles.length > 0)
    await tx.insert(roleGrants).values(roles.map((role) => ({ userId, role, grantedAt: now })));
  if (farms.length > 0)
    await tx.insert(farmMembers).values(farms.map((farm) => ({ ...farm, userId, addedAt: now })));
  if (markets.length > 0) {
    await tx.insert(marketManagers).values(markets.map((marketId) => ({ marketId, userId, addedAt: now })));
  }
  return { userId, shopperId: await ensureAccountShopper(tx, userId, { clock, origin: account.origin }) };
}

/**
 * Makes the person who can then make others: an operator and analyst. An existing account is promoted and keeps its password.
 *
 * @returns whether the account is new
 */
export async function createFirstOperator(
  tx: Transaction,
  { email, name, password }: { email: string; name: string; password: string },
  { clock }: { clock: Clock },
): Promise<{ userId: UserId; isNew: boolean }> {
  const existing = await findUserByEmail(tx, email);
  const userId = existing ?? (await createAccount(tx, { email, name, password }, { clock })).userId;
  const now = clock.now();
  await tx
    .insert(roleGrants)
    .values([
      { userId, role: "operator", grantedAt: now },
      { userId, role: "analyst", grantedAt: now },
    ])
    .onConflictDoNothing();
  await writeAudit(tx, { at: now, action: "operator.created", subject: userId });
  return { userId, isNew: existing === undefined };
}

export async function findUserByEmail(db: Queryable, email: string): Promise<UserId | undefined> {
  const [row] = await db
    .select({ id: users.id })
    .from(users)
    .where(eq(users.email, email.trim().toLowerCase()));
  return row?.id;
}

export async function hasOperator(db: Queryable): Promise<boolean> {
  const rows = await db.select().from(roleGrants).where(eq(roleGrants.role, "operator")).limit(1);
  return rows.length > 0;
}

function requirePassword(password: string | undefined): string {
  if (password === undefined) throw new AppError("input_invalid", "An account needs a password or its hash.");
  return password;
}
