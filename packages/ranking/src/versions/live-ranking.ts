import type { DatabaseHandle } from "@almanac/db";
import type { Bus } from "@almanac/events";
import type { Milliseconds } from "@almanac/kernel";
import type { Logger } from "@almanac/trpc";
import { readLiveNumber } from "../store/ranking-versions.ts";
import type { RankingVersion } from "../store/ranking-versions.ts";
import { shippedRanking } from "./shipped.ts";
import { getVersion, rankingChannel } from "./switch-ranking.ts";

/** The version that this process ranks by, in memory. */
export interface LiveRanking {
  /** The shipped version until the first look. */
  current(): RankingVersion;
  /**
   * A version by number, from memory once it was read: what it says never changes.
   *
   * @throws AppError `ranking_version_not_found`
   */
  version(number: number): Promise<RankingVersion>;
  /** Looks which version is live; done when it is the one that `current` answers. */
  look(): Promise<void>;
  start(): Promise<void>;
  close(): void;
}

export interface LiveRankingOptions {
  readonly handle: DatabaseHandle;
  readonly bus: Bus;
  readonly log: Logger;
  /** How often to look unasked, in case a message was lost; less than the second within which a switch has to be seen. */
  readonly pollMs?: Milliseconds;
}

/** Follows switches: told by the bus, and by looking now and then where the bus was away. */
export function createLiveRanking({ handle, bus, log, pollMs = 750 }: LiveRankingOptions): LiveRanking {
  const known = new Map<number, RankingVersion>([[shippedRanking.number, shippedRanking]]);
  let current = shippedRanking;
  let currentSeq = 0;
  let timer: NodeJS.Timeout | undefined;
  let stopListening: (() => void) | undefined;

  const version = async (number: number): Promise<RankingVersion> => {
    const found = known.get(number) ?? (await getVersion(handle.db, number));
    known.set(number, found);
    return found;
  };

  const look = async (): Promise<void> => {
    const { version: number, seq } = await readLiveNumber(handle.db);
    // Two looks may overlap and end in either order: the later switch wins.
    if (seq < currentSeq) return;
    const next = await version(number);
    if (seq < currentSeq) return;
    currentSeq = seq;
    current = next;
  };

  const lookQuietly = (): Promise<void> =>
    look().catch((err: unknown) =>
      log.warn({ err }, "the live ranking could not be read; it will be tried again"),
    );

  return {
    current: () => current,
    version,
    look,
    async start() {
      stopListening ??= bus.subscribe(rankingChannel, () => void lookQuietly());
      if (!timer) {
        let isLooking = false;
        timer = setInterval(() => {
          if (isLooking) return;
          isLooking = true;
          void lookQuietly().finally(() => {
            isLooking = false;
          });
        }, pollMs);
        timer.unref();
      }
      await look();
    },
    close() {
      clearInterval(timer);
      timer = undefined;
      stopListening?.();
      stopListening = undefined;
    },
  };
}
