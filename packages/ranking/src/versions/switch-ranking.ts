import type { DatabaseHandle, Queryable, Transaction } from "@almanac/db";
import { retryTransaction } from "@almanac/db";
import type { Bus } from "@almanac/events";
import { writeAudit } from "@almanac/identity";
import { AppError } from "@almanac/kernel";
import type { Clock, UserId } from "@almanac/kernel";
import { parseRankingWeights } from "../core/score/final-score.ts";
import type { RankingWeights } from "../core/score/final-score.ts";
import {
  insertSwitch,
  insertVersion,
  lockSwitches,
  readLiveNumber,
  readPredecessor,
  readVersions,
} from "../store/ranking-versions.ts";
import type { RankingVersion } from "../store/ranking-versions.ts";
import { shippedRanking } from "./shipped.ts";

/** Says that search goes by another version now. */
export const rankingChannel = "ranking.switched";

/** Who acts, with what. */
export interface RankingAct {
  readonly handle: DatabaseHandle;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly actorUserId: UserId;
}

export interface RankingDraft {
  readonly weights: RankingWeights;
  readonly note: string;
  /** The version it was made from; the shipped one unless told. */
  readonly basedOn?: number;
}

/** @throws AppError `ranking_version_not_found` */
export async function getVersion(db: Queryable, number: number): Promise<RankingVersion> {
  if (number === shippedRanking.number) return shippedRanking;
  const [version] = await readVersions(db, [number]);
  if (!version) throw new AppError("ranking_version_not_found", `There is no ranking version ${number}.`);
  return version;
}

/**
 * Keeps weights as a new version. Nothing that shoppers see changes.
 *
 * @throws AppError `weights_do_not_sum`, `ranking_version_not_found` for an unknown `basedOn`
 */
export async function saveDraft(
  { handle, clock, actorUserId }: RankingAct,
  { weights, note, basedOn = shippedRanking.number }: RankingDraft,
): Promise<RankingVersion> {
  parseRankingWeights(weights);
  return retryTransaction(handle, async (tx) => {
    await getVersion(tx, basedOn);
    const createdAt = clock.now();
    const number = await insertVersion(tx, { weights, note, basedOn, authorUserId: actorUserId, createdAt });
    await writeAudit(tx, {
      at: createdAt,
      actorUserId,
      action: "ranking.drafted",
      subject: String(number),
      details: { weights, basedOn },
    });
    return getVersion(tx, number);
  });
}

export interface SwitchDone {
  readonly version: number;
  readonly previous: number;
}

/**
 * Makes a version live, in every process within a second. Publishing what is live already changes nothing.
 *
 * @param expectedLive what the actor saw live when they decided; without it there is no check
 * @throws AppError `ranking_version_not_found`; `ranking_changed` when another version is live than was seen
 */
export async function publishVersion(
  act: RankingAct,
  { number, expectedLive }: { number: number; expectedLive?: number },
): Promise<SwitchDone> {
  return switchTo(act, "published", async (tx, live) => {
    refuseStale(live, expectedLive);
    await getVersion(tx, number);
    return number;
  });
}

/**
 * Goes back to what the live version replaced.
 *
 * @throws AppError `nothing_to_roll_back` while the shipped version is live; `ranking_changed`, see `publishVersion`
 */
export async function rollBack(
  act: RankingAct,
  { expectedLive }: { expectedLive?: number } = {},
): Promise<SwitchDone> {
  return switchTo(act, "rolled_back", async (tx, live) => {
    refuseStale(live, expectedLive);
    const previous = await readPredecessor(tx);
    if (previous === undefined) {
      throw new AppError("nothing_to_roll_back", "There is no earlier version to go back to.");
    }
    return previous;
  });
}

function refuseStale(live: number, expected: number | undefined): void {
  if (expected === undefined || expected === live) return;
  throw new AppError("ranking_changed", `Version ${live} is live now, not version ${expected}.`, {
    details: { live },
  });
}

async function switchTo(
  { handle, bus, clock, actorUserId }: RankingAct,
  kind: "published" | "rolled_back",
  choose: (tx: Transaction, live: number) => Promise<number>,
): Promise<SwitchDone> {
  const done = await retryTransaction(handle, async (tx) => {
    await lockSwitches(tx);
    const { version: previous } = await readLiveNumber(tx);
    const version = await choose(tx, previous);
    if (version === previous) return { version, previous };
    const switchedAt = clock.now();
    await insertSwitch(tx, { version, previous, kind, actorUserId, switchedAt });
    await writeAudit(tx, {
      at: switchedAt,
      actorUserId,
      action: kind === "published" ? "ranking.published" : "ranking.rolled_back",
      subject: String(version),
      details: { previous },
    });
    return { version, previous };
  });
  await bus.publish(rankingChannel, { version: done.version });
  return done;
}
