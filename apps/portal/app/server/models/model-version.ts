import { momentAt } from "../words/dates.ts";
import { adminLoader } from "../request/handlers.ts";

/** One version of a model, with its moments in words. */
export const modelVersionLoader = adminLoader(async ({ api, params, now }) => {
  const card = await api.ml.models.card({ versionId: params["version"] ?? "" });
  const when = (at: string | null): string | null => at && momentAt(at, "UTC", now);
  return {
    ...card,
    made: when(card.lineage.createdAt)!,
    testedFrom: when(card.metrics.testFrom ?? null),
    window: { from: when(card.lineage.windowFrom), to: when(card.lineage.windowTo)! },
    drift: card.drift && { ...card.drift, at: when(card.drift.at)! },
    rollouts: card.rollouts.map((one) => ({
      ...one,
      startedAt: when(one.startedAt)!,
      endedAt: when(one.endedAt),
    })),
    activations: card.activations.map((one) => ({
      ...one,
      activatedAt: when(one.activatedAt)!,
      endedAt: when(one.endedAt),
    })),
  };
});
