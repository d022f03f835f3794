import { judgeBusiness } from "../core/decisions/business-rails.ts";
import { judgeGuardrails, type Verdict } from "../core/decisions/guardrails.ts";
import { families, shopperModelNames, type ModelName } from "../core/kinds/families.ts";
import { endRollout, type RegistryDeps } from "./registry.ts";
import { readOutcomes } from "../store/outlooks.ts";
import { readArms } from "../store/predictions.ts";
import { listOpenRollouts, type StoredRollout } from "../store/rollouts.ts";
import { getVersion } from "../store/versions.ts";

/** How often open rollouts are looked at. */
export const watchEveryMs = 15_000;

export interface Watched {
  readonly rollout: StoredRollout;
  readonly name: ModelName;
  readonly champion: Awaited<ReturnType<typeof readArms>>["champion"];
  readonly challenger: Awaited<ReturnType<typeof readArms>>["challenger"];
  readonly verdicts: readonly Verdict[];
}

/** How both arms of a rollout did since its last step, and what its guardrails say. */
export async function watchRollout(
  { handle, models }: Pick<RegistryDeps, "handle" | "models">,
  rollout: StoredRollout,
): Promise<Watched> {
  await models.flush();
  const { name } = await getVersion(handle.db, rollout.challengerId);
  const family = families[name as ModelName];
  const { stabilityIndex } = await models.mathematics();
  const { champion, challenger } = await readArms(handle.db, {
    rolloutId: rollout.id,
    since: rollout.steppedAt,
    isProbability: family.score === "probability",
  });
  const technical = judgeGuardrails(champion, challenger, stabilityIndex);
  const verdicts =
    rollout.percent === 0 ? technical : [...technical, ...(await business(handle, rollout, name))];
  return { rollout, name: family.name, champion, challenger, verdicts };
}

/** In the shadow nobody is shown anything, so nothing that shoppers do can tell. */
async function business(
  { db }: RegistryDeps["handle"],
  { championId, challengerId, steppedAt }: StoredRollout,
  name: string,
): Promise<Verdict[]> {
  const model = shopperModelNames.find((one) => one === name);
  // No shopper is dealt with by the others.
  if (!model) return [];
  const { champion, challenger } = await readOutcomes(db, {
    model,
    championId,
    challengerId,
    since: steppedAt,
  });
  return judgeBusiness(champion, challenger);
}

/** Looks at every open rollout and ends those that broke a guardrail: everybody has the champion again, and operators are told. */
export async function watchRollouts(deps: RegistryDeps): Promise<{ watched: number; rolledBack: number }> {
  const rollouts = await listOpenRollouts(deps.handle.db);
  let rolledBack = 0;
  for (const rollout of rollouts) {
    const { verdicts } = await watchRollout(deps, rollout);
    const broken = verdicts.filter(({ state }) => state === "broken");
    if (broken.length === 0) continue;
    rolledBack += 1;
    await endRollout(deps, rollout, "rolled_back", broken.map(({ words }) => words).join("; "), {
      isAlarm: true,
    });
  }
  return { watched: rollouts.length, rolledBack };
}
