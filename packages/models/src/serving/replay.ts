import type { DatabaseHandle } from "@almanac/db";
import { columnsOf } from "../core/kinds/signature.ts";
import type { ModelService } from "./service.ts";
import { listPredictions } from "../store/predictions.ts";
import { getVersion } from "../store/versions.ts";

export interface Replay {
  readonly replayed: number;
  /** Inputs that the other version does not take. */
  readonly refused: number;
  readonly meanChange: number;
  readonly largestChange: number;
  readonly changed: number;
}

/** Asks another version what one was asked, newest first, and tells how its answers differ. Nothing is written. */
export async function replayPredictions(
  { handle, models }: { handle: DatabaseHandle; models: ModelService },
  { from, to, limit }: { from: string; to: string; limit: number },
): Promise<Replay> {
  await models.flush();
  const version = await getVersion(handle.db, to);
  const model = await models.open(version);
  const asked = await listPredictions(handle.db, { versionId: from, limit });
  const changes: number[] = [];
  let refused = 0;
  for (const { input, score } of asked) {
    try {
      changes.push(Math.abs(model.score(columnsOf(version.signature, input)) - score!));
    } catch {
      refused += 1;
    }
  }
  return {
    replayed: changes.length,
    refused,
    meanChange: changes.reduce((sum, change) => sum + change, 0) / Math.max(1, changes.length),
    largestChange: Math.max(0, ...changes),
    changed: changes.filter((change) => change > 0).length,
  };
}
