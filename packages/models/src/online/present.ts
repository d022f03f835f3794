import type { Queryable } from "@almanac/db";
import type { ModelService } from "../serving/service.ts";
import { countBehind, findLearner } from "../store/online.ts";

/** What learns line by line, for operators: how far it is, how well it tells, who answers, what the night found. */
export async function presentOnline(db: Queryable, models: Pick<ModelService, "mathematics">) {
  const learner = await findLearner(db);
  if (!learner) return null;
  // A process without the mathematics shows the rest.
  const math = await models.mathematics().catch(() => undefined);
  const { state, builtAt, learnedAt, check } = learner;
  const { learned, guessed, guard } = state;
  return {
    position: state.position,
    behind: await countBehind(db, state.position),
    lines: state.seen,
    learned,
    people: state.people,
    skipped: state.skipped,
    /** Share of choices that each would have guessed, before learning from them. */
    guessed: learned === 0 ? null : { taste: guessed.taste / learned, common: guessed.common / learned },
    /** Loss that taste saves for each choice, with its 95 % interval. */
    saved: math?.savedByTaste(state.saved) ?? null,
    answers: guard.current,
    losses: guard.losses,
    handovers: guard.handovers.slice(-5).map(({ at, from, to }) => ({ at, from, to })),
    builtAt: builtAt.toISOString(),
    learnedAt: learnedAt.toISOString(),
    check: check ?? null,
  };
}
