import type { MarketId } from "@almanac/kernel";
import { idInput, textInput } from "@almanac/trpc";
import { z } from "zod";
import { surfaces } from "./core/experiment.ts";
import { metricKeys } from "./core/metrics.ts";

/** As addresses and logs show it: "search-weights-2". */
export const keyInput = z
  .string()
  .max(60)
  .regex(/^[a-z][a-z0-9-]*$/, "must be lower-case letters, digits and hyphens, beginning with a letter");

const share = z.number().min(0).max(1);

export const armInput = z.object({
  key: keyInput,
  name: textInput({ min: 1, max: 80 }),
  weight: share,
  config: z
    .record(z.string().max(60), z.union([z.string().max(200), z.number(), z.boolean()]))
    .refine((config) => Object.keys(config).length <= 20, "must have at most 20 settings")
    .default({}),
});

const plan = {
  name: textInput({ min: 1, max: 120 }),
  hypothesis: textInput({ max: 1_000 }).default(""),
  /** "interleaving" shows each shopper both arms in one list of search. */
  kind: z.enum(["ab", "interleaving"]).default("ab"),
  surface: z.enum(surfaces),
  /** The first is the control. */
  arms: z
    .array(armInput)
    .min(2)
    .max(6)
    .refine(
      (arms) => new Set(arms.map(({ key }) => key)).size === arms.length,
      "must have keys of their own",
    ),
  rollout: share.default(1),
  namespace: z
    .object({ name: keyInput, from: share, to: share })
    .refine(({ from, to }) => from < to, "must begin before it ends")
    .optional(),
  marketIds: z.array(idInput<MarketId>()).max(50).default([]),
  primaryMetric: z.enum(metricKeys),
  guardrails: z
    .array(z.object({ metric: z.enum(metricKeys), margin: z.number().min(0).max(1) }))
    .max(10)
    .optional(),
  plannedUnits: z.number().int().min(200).max(10_000_000).optional(),
};

export const draftInput = z.object({ key: keyInput, ...plan });
export const planInput = z.object({ id: z.uuid(), ...plan });

export const byIdInput = z.object({ id: z.uuid() });

export const trafficInput = z.object({
  id: z.uuid(),
  shoppers: z.number().int().min(100).max(20_000).default(4_000),
  lift: z.number().min(-0.5).max(1).default(0.2),
  seed: z.number().int().min(0).max(1_000_000_000).default(42),
  controlShare: z.number().min(0.01).max(0.99).optional(),
});
