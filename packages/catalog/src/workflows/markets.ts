import type { Transaction } from "@almanac/db";
import { publishFact } from "@almanac/events";
import { addFarmMember, addMarketManager, findUserByEmail } from "@almanac/identity";
import { AppError, newId, type FarmId, type MarketId, type UserId } from "@almanac/kernel";
import { standardCategories } from "../core/categories.ts";
import type { Farm, Market } from "../core/things.ts";
import {
  deleteStall,
  findFarm,
  hasOwner,
  insertFarm,
  saveStall,
  updateFarm,
  type FarmPatch,
} from "../store/farms.ts";
import { findMarket, insertMarket, updateMarket, type MarketPatch } from "../store/markets.ts";
import { addMissingCategories } from "../store/products.ts";
import type { Act } from "./act.ts";

/** An act of power has somebody who did it. */
export type PersonalAct = Act & { readonly userId: UserId };

/**
 * Opens a market, with the standard categories where there are none, and its first manager where one is named.
 *
 * @throws AppError `user_not_found` when nobody has that address, `input_invalid`
 */
export async function createMarket(
  tx: Transaction,
  market: Omit<Market, "id" | "slug">,
  { managerEmail }: { managerEmail?: string },
  act: PersonalAct,
): Promise<Market> {
  assertHours(market);
  await addMissingCategories(tx, standardCategories);
  const saved = await insertMarket(tx, { ...market, id: newId<MarketId>(act.now.getTime()) }, act.now);
  if (managerEmail !== undefined) {
    const userId = await getUserByEmail(tx, managerEmail);
    await addMarketManager(tx, { marketId: saved.id, userId }, asIdentityAct(act));
  }
  return saved;
}

export async function editMarket(
  tx: Transaction,
  marketId: MarketId,
  patch: MarketPatch,
  act: Act,
): Promise<void> {
  const market = await findMarket(tx, { id: marketId });
  if (!market) throw new AppError("market_not_found", "There is no such market.");
  assertHours({ ...market, ...patch });
  await updateMarket(tx, marketId, patch);
  await publishFact(tx, { topic: "window.changed", payload: { marketId } }, { traceId: act.traceId });
}

function assertHours({ opensAt, closesAt }: Pick<Market, "opensAt" | "closesAt">): void {
  if (opensAt < closesAt) return;
  throw new AppError("input_invalid", "A market opens before it closes.", { details: { field: "closesAt" } });
}

export interface FarmInput {
  readonly name: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly story?: string;
  readonly town?: string;
  readonly isOrganic?: boolean;
  readonly acceptsSnap?: boolean;
  readonly picture?: string;
}

/**
 * Takes up a new farm at a market, with its first owner where one is named.
 *
 * @throws AppError `user_not_found` when nobody has that address; nothing is written then
 */
export async function createFarm(
  tx: Transaction,
  marketId: MarketId,
  input: FarmInput,
  { stall = "", ownerEmail }: { stall?: string; ownerEmail?: string },
  act: PersonalAct,
): Promise<Farm> {
  const id = newId<FarmId>(act.now.getTime());
  const defaults = { story: "", town: "", isOrganic: false, acceptsSnap: false, picture: "farmer" };
  await insertFarm(tx, { ...defaults, ...input, id, joinedAt: act.now });
  await giveStall(tx, { marketId, farmId: id, stall }, act);
  if (ownerEmail !== undefined) await setFirstOwner(tx, id, ownerEmail, act);
  return getFarm(tx, id);
}

/** @throws AppError `farm_not_found` */
export async function giveStall(
  tx: Transaction,
  place: { marketId: MarketId; farmId: FarmId; stall: string },
  act: Act,
): Promise<void> {
  await getFarm(tx, place.farmId);
  await saveStall(tx, { ...place, at: act.now });
  await tellFarm(tx, place.farmId, act);
}

/**
 * Takes a farm's stall away: its products are no longer sold at that market. Orders placed stay.
 *
 * @throws AppError `farm_not_found` when it has no stall there
 */
export async function removeStall(
  tx: Transaction,
  marketId: MarketId,
  farmId: FarmId,
  act: Act,
): Promise<void> {
  if (!(await deleteStall(tx, marketId, farmId))) {
    throw new AppError("farm_not_found", "There is no such farm at this market.");
  }
  await tellFarm(tx, farmId, act);
}

/**
 * Hands a farm at a market to its first owner. A farm that has one chooses its own people: else any market could take a
 * farm in, join it, and read its books.
 *
 * @throws AppError `farm_not_found`, `user_not_found`, `right_missing` when it has an owner
 */
export async function setFirstOwner(
  tx: Transaction,
  farmId: FarmId,
  email: string,
  act: PersonalAct,
): Promise<void> {
  if (await hasOwner(tx, farmId)) throw new AppError("right_missing", "The farm has an owner already.");
  const userId = await getUserByEmail(tx, email);
  await addFarmMember(tx, { farmId, userId, role: "owner" }, asIdentityAct(act));
}

export async function editFarm(tx: Transaction, farmId: FarmId, patch: FarmPatch, act: Act): Promise<void> {
  await updateFarm(tx, farmId, patch);
  await tellFarm(tx, farmId, act);
}

export async function getFarm(tx: Transaction, farmId: FarmId): Promise<Farm> {
  const farm = await findFarm(tx, { id: farmId });
  if (!farm) throw new AppError("farm_not_found", "There is no such farm.");
  return farm;
}

async function tellFarm(tx: Transaction, farmId: FarmId, { traceId }: Act): Promise<void> {
  await publishFact(tx, { topic: "farm.changed", payload: { farmId } }, { traceId });
}

async function getUserByEmail(tx: Transaction, email: string): Promise<UserId> {
  const userId = await findUserByEmail(tx, email);
  if (!userId) throw new AppError("user_not_found", "Nobody has signed up with that address yet.");
  return userId;
}

function asIdentityAct({ userId, now }: PersonalAct) {
  return { actorUserId: userId, clock: { now: () => now } };
}
