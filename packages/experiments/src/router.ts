import type { Bus } from "@almanac/events";
import { AppError } from "@almanac/kernel";
import { limitInput, procedure, router, textInput, type RequestContext } from "@almanac/trpc";
import { z } from "zod";
import { defaultGuardrails, metrics } from "./core/metrics.ts";
import { sizeOf } from "./experiment-size.ts";
import { byIdInput, draftInput, keyInput, planInput, trafficInput } from "./inputs.ts";
import { lookAt } from "./results.ts";
import type { ExperimentsService } from "./service.ts";
import { simulateTraffic } from "./simulate-traffic.ts";
import { getExperiment, listExperiments, type DraftValues } from "./store/experiments.ts";
import { metricsOf } from "./store/metrics.ts";
import { presentExperiment, presentResults } from "./present.ts";
import {
  changeDraft,
  createDraft,
  discardDraft,
  rollOut,
  startExperiment,
  stopArm,
  stopExperiment,
  type ActDeps,
  type CheckArm,
} from "./workflows.ts";

export { experimentsEraseStep, experimentsExportStep, experimentsMergeStep } from "./personal-data.ts";
export { lookAtAll } from "./results.ts";
export { createExperimentsService, lookEveryMs } from "./service.ts";
export type { ChosenArm, ExperimentsService, ExperimentsServiceOptions } from "./service.ts";
export { ensureHoldout } from "./workflows.ts";
export type { CheckArm } from "./workflows.ts";

export interface ExperimentsDeps {
  readonly experiments: ExperimentsService;
  readonly bus: Bus;
  /** Whether simulated shoppers may be written: in demo and test worlds only. */
  readonly allowsSimulation: boolean;
  /** Refuses to start what an arm names and nobody knows; without it every setting is taken as it is. */
  readonly checkArm?: CheckArm;
}

export function experimentsRoutes({ experiments, bus, allowsSimulation, checkArm }: ExperimentsDeps) {
  const act = ({ handle, clock, caller }: RequestContext): ActDeps => ({
    handle,
    clock,
    bus,
    actorUserId: caller.userId,
  });
  const write = () => procedure("operate.write", { limit: "write" });

  return {
    experiments: router({
      /**
       * The arms of whoever asks, one for each running experiment. `fresh` after being told that one changed. Asking writes
       * nothing: a browser that has not shopped yet is dealt by its cookie, one without a cookie takes no part.
       */
      assignments: procedure("public")
        .input(z.object({ fresh: z.boolean().default(false) }))
        .query(async ({ ctx, input }) => {
          const running = await experiments.running(input);
          if (running.length === 0) return [];
          const shopperId = ctx.caller.shopperId ?? ctx.visitorId?.();
          const assignments = await experiments.assignments(shopperId);
          return assignments.map(({ key, arm, isPartaking }) => ({
            key,
            surface: running.find((one) => one.key === key)?.surface,
            arm: arm.key,
            config: isPartaking ? arm.config : {},
            isPartaking,
          }));
        }),
      /** Arms that were really rendered and seen. Noted once a shopper; not at all once an experiment was stopped. */
      expose: procedure("shop", { limit: "track" })
        .input(
          z.object({
            rendered: z
              .array(z.object({ key: keyInput, arm: keyInput }))
              .min(1)
              .max(10),
          }),
        )
        .mutation(async ({ ctx, input }) => {
          const shopperId = await ctx.ensureShopper();
          return { noted: await experiments.expose(shopperId, input.rendered) };
        }),
    }),
    admin: {
      experiments: router({
        list: procedure("analyse")
          .input(z.object({ limit: limitInput(200, 100) }))
          .query(async ({ ctx, input }) => {
            const found = await listExperiments(ctx.db, input.limit);
            return found.map(({ exposed, ...experiment }) => ({ ...presentExperiment(experiment), exposed }));
          }),
        get: procedure("analyse")
          .input(byIdInput)
          .query(async ({ ctx, input }) => presentExperiment(await getExperiment(ctx.db, input.id))),
        metrics: procedure("analyse").query(() => ({
          all: Object.values(metrics),
          guardrails: defaultGuardrails,
          bySurface: { search: metricsOf("search"), recommendations: metricsOf("recommendations") },
          allowsSimulation,
        })),
        /** How many shoppers a lift of the primary metric takes, from the last four weeks. */
        size: procedure("analyse")
          .input(
            z.object({ metric: z.enum(["search_ctr", "conversion"]), lift: z.number().min(0.005).max(2) }),
          )
          .query(({ ctx, input }) => sizeOf(ctx.db, ctx.clock, input)),
        create: write()
          .input(draftInput)
          .mutation(async ({ ctx, input }) => {
            const { key, ...plan } = input;
            return { id: await createDraft(act(ctx), { key, ...draftOf(plan) }) };
          }),
        update: write()
          .input(planInput)
          .mutation(async ({ ctx, input }) => {
            const { id, ...plan } = input;
            await changeDraft(act(ctx), id, draftOf(plan));
            return { id };
          }),
        discard: write()
          .input(byIdInput)
          .mutation(async ({ ctx, input }) => {
            await discardDraft(act(ctx), input.id);
            return { id: input.id };
          }),
        start: write()
          .input(byIdInput)
          .mutation(async ({ ctx, input }) => {
            await startExperiment({ ...act(ctx), ...(checkArm && { checkArm }) }, input.id);
            return { id: input.id };
          }),
        stop: write()
          .input(byIdInput.extend({ reason: textInput({ max: 300 }).default("") }))
          .mutation(async ({ ctx, input }) => {
            await stopExperiment(act(ctx), input.id, input.reason || "Stopped by hand");
            return { id: input.id };
          }),
        stopArm: write()
          .input(byIdInput.extend({ arm: keyInput }))
          .mutation(async ({ ctx, input }) => {
            await stopArm(act(ctx), input.id, input.arm);
            return { id: input.id };
          }),
        rollOut: write()
          .input(byIdInput.extend({ rollout: z.number().min(0).max(1) }))
          .mutation(async ({ ctx, input }) => {
            await rollOut(act(ctx), input.id, input.rollout);
            return { id: input.id };
          }),
        /** Everything that can be said by now. While it runs, reading it is a look, which is noted. */
        results: procedure("analyse")
          .input(byIdInput)
          .query(async ({ ctx, input }) =>
            presentResults(await lookAt({ handle: ctx.handle, clock: ctx.clock, bus }, input.id)),
          ),
        simulate: procedure("operate.write", { limit: "heavy" })
          .input(trafficInput)
          .mutation(async ({ ctx, input }) => {
            if (!allowsSimulation) {
              throw new AppError("simulation_off", "Shoppers are simulated in demo and test worlds only.");
            }
            const { id, ...options } = input;
            return { exposed: await simulateTraffic(act(ctx), id, options) };
          }),
      }),
    },
  };
}

function draftOf(plan: Omit<z.output<typeof planInput>, "id">): Omit<DraftValues, "key"> {
  const { namespace, guardrails, plannedUnits, surface, ...rest } = plan;
  const measured = metricsOf(surface);
  if (!measured.includes(plan.primaryMetric)) {
    throw refused("primaryMetric", `is not measured on ${surface}`);
  }
  const isInterleaving = plan.kind === "interleaving";
  if (isInterleaving && surface !== "search") throw refused("surface", "must be search for interleaving");
  if (isInterleaving && plan.arms.length !== 2) throw refused("arms", "must be two for interleaving");
  return {
    ...rest,
    surface,
    // Both arms are in each list: there is nobody to compare with.
    guardrails: isInterleaving
      ? []
      : [...(guardrails ?? defaultGuardrails)].filter(({ metric }) => measured.includes(metric)),
    plannedUnits: plannedUnits ?? null,
    namespaceName: namespace?.name ?? null,
    namespaceFrom: namespace?.from ?? null,
    namespaceTo: namespace?.to ?? null,
  };
}

function refused(field: string, message: string): AppError {
  return new AppError("input_invalid", `${field} ${message}.`, {
    details: { issues: [{ path: [field], message }] },
  });
}
