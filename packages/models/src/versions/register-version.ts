import type { DatabaseHandle } from "@almanac/db";
import { newId, type Clock, type UserId } from "@almanac/kernel";
import type { ArtefactStore } from "./artefacts.ts";
import { sha256 } from "../core/kinds/content-hash.ts";
import { families, type ModelName } from "../core/kinds/families.ts";
import type { TrainedModel } from "../core/kinds/family.ts";
import { globalScope } from "../core/kinds/scope.ts";
import { appendAudit } from "../store/audit.ts";
import {
  getVersion,
  insertVersion,
  lockModels,
  nextVersionNumber,
  type StoredVersion,
} from "../store/versions.ts";

/** What writing a version takes: less than making it live, so a process that only writes starts fast. */
export interface RegisterDeps {
  readonly handle: DatabaseHandle;
  readonly clock: Clock;
  readonly models: { readonly artefacts: ArtefactStore };
  readonly actorUserId?: UserId | undefined;
}

export interface Lineage {
  readonly codeCommit: string;
  readonly seed: number;
  readonly runId?: string;
  readonly windowTo: Date;
}

/**
 * Keeps a trained model as the next version of its name: the artefact first, then its row, so that no row is without its
 * artefact however often the process is killed. Nothing goes live by it.
 */
export async function registerVersion(
  { handle, clock, models, actorUserId }: RegisterDeps,
  name: ModelName,
  trained: TrainedModel,
  { codeCommit, seed, runId, windowTo }: Lineage,
  scope: string = globalScope,
): Promise<StoredVersion> {
  const { type, format, signature } = families[name];
  const hash = sha256(trained.artefact);
  await models.artefacts.put(hash, trained.artefact);
  const now = clock.now();
  const id = newId(now.getTime());
  await handle.transaction(async (tx) => {
    await lockModels(tx);
    const version = await nextVersionNumber(tx, name, scope);
    await insertVersion(tx, {
      id,
      name,
      version,
      type,
      scope,
      format,
      artefactHash: hash,
      artefactBytes: trained.artefact.byteLength,
      signature: [...signature],
      golden: trained.golden.map(({ input, score }) => ({ input: { ...input }, score })),
      settings: { ...trained.settings },
      metrics: { ...trained.metrics },
      reference: Object.fromEntries(
        Object.entries(trained.reference).map(([input, { edges, counts }]) => [
          input,
          { edges: [...edges], counts: [...counts] },
        ]),
      ),
      dataHash: trained.dataHash,
      windowFrom: new Date(trained.windowFrom),
      windowTo,
      codeCommit,
      seed,
      runId: runId ?? null,
      createdAt: now,
    });
    const details = {
      name,
      version,
      artefactHash: hash,
      ...(scope !== globalScope && { farm: scope }),
    };
    await appendAudit(tx, { at: now, actorUserId, action: "model.registered", subject: id, details });
  });
  return getVersion(handle.db, id);
}
