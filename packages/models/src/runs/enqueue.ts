import { defineJob, enqueueJob } from "@almanac/jobs";
import { days } from "@almanac/kernel";
import { z } from "zod";
import type { RegistryDeps } from "../versions/registry.ts";
import { requestRun, type TrainingOrder } from "./training.ts";

const trainJob = defineJob({
  name: "models.train",
  data: z.object({ runId: z.string() }),
  // The work itself is given by `modelJobs`; this one is only enqueued by.
  run: () => Promise.resolve(),
});

/** Orders a training and puts it into the queue, both or neither. */
export async function enqueueTraining(
  { handle, clock }: Pick<RegistryDeps, "handle" | "clock">,
  order: TrainingOrder,
): Promise<{ runId: string; isNew: boolean }> {
  const made = await requestRun({ handle, clock }, order);
  if (made.isNew)
    await enqueueJob(handle.db, trainJob, { runId: made.runId }, { key: `models.train ${made.runId}` });
  return made;
}

/** A number for this week's training: the same in every process. */
export const seedOf = (at: Date): number => Math.floor(at.getTime() / days(7));
