import { armOf, type Arm } from "../core/decisions/arms.ts";
import type { Answer, LoadedModel } from "../core/kinds/family.ts";
import type { LiveModel, ShadowPair } from "./live-model.ts";

export interface TwoArms {
  /** Whose answer counts is decided by the unit; in the shadow it is the champion's. */
  ask(unit: string, columns: Float64Array): Answer & { readonly arm: Arm };
  readonly shadows: readonly ShadowPair[];
}

/** A live model and the challenger beside it, as serving has them. A challenger that fails is answered for. */
export function openTwoArms(live: LiveModel, open: (bytes: Uint8Array) => LoadedModel): TwoArms {
  const champion = open(live.bytes);
  const rollout = live.challenger;
  const challenger = rollout && open(rollout.bytes);
  const shadows: ShadowPair[] = [];
  const timed = <Result>(work: () => Result): { result: Result; ms: number } => {
    const startedAt = performance.now();
    return { result: work(), ms: performance.now() - startedAt };
  };
  return {
    shadows,
    ask(unit, columns) {
      if (rollout && challenger && rollout.percent > 0 && armOf(unit, rollout) === "challenger") {
        const answer = tryAnswer(challenger, columns);
        if (answer) return { ...answer, arm: "challenger" };
      }
      const told = timed(() => champion.answer(columns));
      if (challenger && rollout?.percent === 0) {
        const other = timed(() => tryAnswer(challenger, columns)?.score);
        shadows.push({
          columns,
          champion: told.result.score,
          ...(other.result !== undefined && { challenger: other.result }),
          championMs: told.ms,
          challengerMs: other.ms,
        });
      }
      return { ...told.result, arm: "champion" };
    },
  };
}

function tryAnswer(model: LoadedModel, columns: Float64Array): Answer | undefined {
  try {
    const answer = model.answer(columns);
    return Number.isFinite(answer.score) ? answer : undefined;
  } catch {
    return undefined;
  }
}
