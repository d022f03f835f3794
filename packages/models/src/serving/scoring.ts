import type { ShopperId } from "@almanac/kernel";
import { readArtefact } from "../versions/artefacts.ts";
import { driftFrom } from "../core/decisions/histogram.ts";
import { families, shopperModelNames, type ModelName } from "../core/kinds/families.ts";
import { globalScope } from "../core/kinds/scope.ts";
import { alarm, titleOf, type RegistryDeps } from "../versions/registry.ts";
import type { Outlook } from "../core/shoppers/outlook.ts";
import { inputOf } from "../core/kinds/signature.ts";
import type { Challenger, ModelService } from "./service.ts";
import { insertPredictions, type NewPrediction } from "../store/predictions.ts";
import { replaceOutlooks, upsertOutlook, type StoredOutlook } from "../store/outlooks.ts";
import { findLatestDrift, insertDrift } from "../store/runs.ts";
import type { StoredVersion } from "../store/versions.ts";
import { readWorld } from "../store/world.ts";
import { scoreInThread, type ThreadOptions } from "../training/in-thread.ts";
import { unpack } from "../training/pack.ts";
import type { LiveModel, ShadowPair } from "../training/live-model.ts";
import { scoreShoppers } from "../training/score-shoppers.ts";

export interface LiveModels {
  readonly versions: Partial<Record<ModelName, StoredVersion>>;
  readonly challengers: Partial<Record<ModelName, Challenger>>;
  readonly live: Partial<Record<ModelName, LiveModel>>;
}

/** What answers a scope: for a farm the models that it may have of its own, be it the general version that answers. */
export async function liveModels(
  models: ModelService,
  scope: string = globalScope,
  names: readonly ModelName[] = shopperModelNames,
): Promise<LiveModels> {
  const versions: Partial<Record<ModelName, StoredVersion>> = {};
  const challengers: Partial<Record<ModelName, Challenger>> = {};
  const live: Partial<Record<ModelName, LiveModel>> = {};
  for (const name of names) {
    const version = await models.serving(name, scope);
    if (!version) continue;
    const challenger = await models.challenger(name, version.scope);
    const edges = Object.entries(version.reference).map(([input, histogram]) => [input, histogram.edges]);
    versions[name] = version;
    if (challenger) challengers[name] = challenger;
    live[name] = {
      bytes: await readArtefact(models.artefacts, version.artefactHash),
      edges: Object.fromEntries(edges),
      ...(challenger && {
        challenger: {
          bytes: await readArtefact(models.artefacts, challenger.version.artefactHash),
          seed: challenger.seed,
          percent: challenger.percent,
        },
      }),
    };
  }
  return { versions, challengers, live };
}

export interface DriftFound {
  readonly name: ModelName;
  readonly drifted: readonly string[];
}

/**
 * Works out what is expected of every shopper, by the models that are live, and how far what they were asked has moved from
 * how it was when they were made. Inputs that have moved too far since the last look are told to operators by name.
 *
 * While a version is rolled out, the shoppers of its share get its answers; while it is in the shadow, both are noted. While
 * no model is live nothing is changed.
 *
 * @returns how many were scored, and the models with inputs or scores that have newly drifted
 */
export async function scoreAll(
  deps: RegistryDeps,
  options: ThreadOptions = {},
): Promise<{ scored: number; drifts: DriftFound[] }> {
  const { handle, clock, models } = deps;
  const now = clock.now();
  const found = await liveModels(models);
  const { versions, live } = found;
  if (Object.keys(live).length === 0) return { scored: 0, drifts: [] };
  const { packed, shopperIds } = await readWorld(handle.db, now);
  const task = { kind: "score" as const, world: packed, units: shopperIds, ...live };
  const { outlooks, seen, shadows } = await scoreInThread(task, options);
  await handle.transaction((tx) =>
    replaceOutlooks(
      tx,
      outlooks.map((outlook, at) => storedOf(shopperIds[at]!, outlook, found, now)),
    ),
  );
  for (const name of Object.keys(shadows) as ModelName[])
    await insertPredictions(handle.db, predictionsOf(found, name, shadows[name] ?? [], now));
  const drifts: DriftFound[] = [];
  for (const [name, { rows, counts }] of Object.entries(seen) as [
    ModelName,
    { rows: number; counts: Record<string, number[]> },
  ][]) {
    const drifted = await noteDrift(deps, versions[name]!, { rows, counts });
    if (drifted.length > 0) drifts.push({ name, drifted });
  }
  return { scored: outlooks.length, drifts };
}

/** A night's pairs of a challenger in the shadow, as its guardrails read them. */
export function predictionsOf(
  { versions, challengers }: LiveModels,
  name: ModelName,
  pairs: readonly ShadowPair[],
  at: Date,
): NewPrediction[] {
  const [champion, challenger] = [versions[name], challengers[name]];
  if (!champion || !challenger) return [];
  return pairs.flatMap(({ columns, ...pair }) => {
    const shared = { rolloutId: challenger.rolloutId, input: inputOf(champion.signature, columns), at };
    return [
      {
        ...shared,
        versionId: champion.id,
        arm: "champion" as const,
        score: pair.champion,
        executionMs: pair.championMs,
      },
      {
        ...shared,
        versionId: challenger.version.id,
        arm: "shadow" as const,
        score: pair.challenger ?? null,
        executionMs: pair.challengerMs,
        isError: pair.challenger === undefined,
      },
    ];
  });
}

/** Below so many rows shares are mere chance. */
const leastRows = 100;

/** Keeps how far what came in has moved, and tells operators what newly moved too far. @returns the inputs that did */
export async function noteDrift(
  { handle, bus, clock, models }: RegistryDeps,
  version: StoredVersion,
  { rows, counts }: { rows: number; counts: Record<string, number[]> },
): Promise<string[]> {
  if (rows < leastRows) return [];
  const { stabilityIndex } = await models.mathematics();
  const indices = Object.fromEntries(
    Object.entries(version.reference).map(([input, histogram]) => [
      input,
      stabilityIndex(histogram.counts, counts[input] ?? histogram.counts),
    ]),
  );
  const drifted = Object.keys(indices)
    .filter((input) => indices[input]! >= driftFrom)
    .sort((a, b) => indices[b]! - indices[a]!);
  const before = await findLatestDrift(handle.db, version.id);
  const news = drifted.filter((input) => !before?.drifted.includes(input));
  await handle.transaction(async (tx) => {
    await insertDrift(tx, { versionId: version.id, rows, indices, drifted, at: clock.now() });
    // What was told yesterday is not told again.
    if (news.length === 0) return;
    const { inputWords } = families[version.name as ModelName];
    const words = news.map((input) => inputWords[input] ?? "the score").join("; ");
    const title = await titleOf(tx, version);
    await alarm(
      tx,
      { bus, clock },
      `${title}: what comes in has moved from what the model learned from: ${words}.`,
    );
  });
  return news;
}

/**
 * What is expected of one shopper now, by the same functions as at night, and kept, so that every page tells the same.
 *
 * @returns `undefined` for somebody who may not be profiled, and while no model is live
 */
export async function scoreOne(
  { handle, clock, models }: Omit<RegistryDeps, "bus">,
  shopperId: ShopperId,
): Promise<StoredOutlook | undefined> {
  const now = clock.now();
  const found = await liveModels(models);
  const { live } = found;
  if (Object.keys(live).length === 0) return undefined;
  const { packed, shopperIds } = await readWorld(handle.db, now, shopperId);
  if (shopperIds.length === 0) return undefined;
  const math = await models.mathematics();
  const [outlook] = scoreShoppers(unpack(packed), live, math, shopperIds).outlooks;
  const stored = storedOf(shopperId, outlook!, found, now);
  await upsertOutlook(handle.db, stored);
  return stored;
}

function storedOf(
  shopperId: ShopperId,
  outlook: Outlook,
  { versions, challengers }: LiveModels,
  computedAt: Date,
): StoredOutlook {
  const versionOf = (name: ModelName, arm: "champion" | "challenger"): string | null =>
    (arm === "challenger" ? challengers[name]?.version.id : versions[name]?.id) ?? null;
  return {
    shopperId,
    state: outlook.state,
    churnProbability: outlook.churnProbability ?? null,
    windowDays: outlook.windowDays ?? null,
    isAtRisk: outlook.isAtRisk,
    reasons: [...outlook.reasons],
    churnVersionId: versionOf("churn", outlook.churnArm),
    valueCents: outlook.valueCents ?? null,
    valueLowCents: outlook.valueLowCents ?? null,
    valueHighCents: outlook.valueHighCents ?? null,
    expectedOrders: outlook.expectedOrders ?? null,
    lifetimeVersionId: versionOf("lifetime", outlook.lifetimeArm),
    computedAt,
  };
}
