import { AppError, days, isUuid, type MarketId } from "@almanac/kernel";
import { dayInput, idInput, procedure, router, textInput } from "@almanac/trpc";
import { z } from "zod";
import { winningArm } from "./core/arms/evaluate.ts";
import { clusteredShare } from "./core/shares/clustered-share.ts";
import { ruleKinds, ruleTargets } from "./core/slate/rules.ts";
import { isJudging, judgeSoon } from "./judge-job.ts";
import type { RecsysService } from "./service.ts";
import { findEvaluation } from "./store/evaluations.ts";
import { drawnPlaces, exposureSince, liveArms } from "./store/impressions.ts";
import { listRules } from "./store/rules.ts";
import { createRule, stopRule } from "./workflows.ts";

const longestRuleMs = days(366);

const newRule = z
  .object({
    kind: z.enum(ruleKinds),
    target: z.enum(ruleTargets),
    /** Id, slug or name of what is for sale; a name that several have is refused. */
    targetId: z.string().min(1).max(100),
    /** Boost: the factor, 1.1 to 3. Pin: the place, 1 to 10. Not read for bury. */
    strength: z.number().min(1).max(10).default(1),
    marketId: idInput<MarketId>().nullable().default(null),
    region: textInput({ min: 1, max: 100 }).nullable().default(null),
    season: z.enum(["SPRING", "SUMMER", "FALL", "WINTER"]).nullable().default(null),
    firstDay: dayInput,
    lastDay: dayInput,
    note: textInput({ max: 300 }).default(""),
  })
  .refine(({ kind, strength }) => kind !== "boost" || (strength >= 1.1 && strength <= 3), {
    path: ["strength"],
    message: "a boost is a factor from 1.1 to 3",
  })
  .refine(({ kind, strength }) => kind !== "pin" || Number.isInteger(strength), {
    path: ["strength"],
    message: "a pin names a place from 1 to 10",
  })
  .refine(({ kind, target }) => kind !== "pin" || target === "product", {
    path: ["target"],
    message: "only a product can be pinned",
  })
  .refine(({ firstDay, lastDay }) => firstDay <= lastDay, {
    path: ["lastDay"],
    message: "must not be before the first day",
  })
  .refine(({ firstDay, lastDay }) => Date.parse(lastDay) - Date.parse(firstDay) <= longestRuleMs, {
    path: ["lastDay"],
    message: "a rule holds for a year at most",
  });

/** How good recommendations are, and what operators ask of them. */
export function recommendationsAdminRouter(recsys: RecsysService) {
  return router({
    /** Offline figures beside live ones; live ones of the last days only. */
    quality: procedure("operate.read")
      .input(z.object({ days: z.number().int().min(1).max(90).default(14) }).default({ days: 14 }))
      .query(async ({ ctx, input }) => {
        const since = new Date(ctx.clock.now().getTime() - days(input.days));
        const offline = await findEvaluation(ctx.db);
        const newFarms = await recsys.newFarms();
        return {
          days: input.days,
          offline: offline
            ? {
                ...offline.figures,
                evaluatedAt: offline.evaluatedAt.toISOString(),
                winner: winningArm(offline.figures),
              }
            : null,
          isJudging: await isJudging(ctx.db),
          live: (await liveArms(ctx.db, since)).map((arm) => ({
            ...arm,
            clicked: clusteredShare(arm.clicked),
            carted: clusteredShare(arm.carted),
          })),
          /** The places that were left to chance, and what other ways to draw would have got; farms by name. */
          drawn: (await drawnPlaces(ctx.db, since)).map(({ drawn, impressions, clicks, ...sums }) => ({
            drawn,
            impressions,
            clicks,
            farm: isUuid(drawn) ? recsys.nameTarget({ target: "farm", targetId: drawn }) : null,
            clicked: clusteredShare(sums),
          })),
          exposure: await exposureSince(ctx.db, since, newFarms),
          forSale: recsys.productCount(),
          /** New and small ones now: whom the kept places are for. */
          newFarms: newFarms.length,
          build: recsys.health(),
        };
      }),
    /** Judges all arms on the past soon, and not only at night; not asked for twice at a time. */
    judge: procedure("operate.write", { limit: "write" }).mutation(async ({ ctx }) => ({
      isNew: await judgeSoon(ctx.handle),
    })),
    rules: procedure("operate.read").query(async ({ ctx }) =>
      (await listRules(ctx.db)).map((rule) => ({
        ...rule,
        createdAt: rule.createdAt.toISOString(),
        targetName: recsys.nameTarget(rule),
      })),
    ),
    createRule: procedure("operate.write", { limit: "write" })
      .input(newRule)
      .mutation(async ({ ctx, input }) => {
        const found = recsys.findTargets(input);
        const [targetId] = found;
        if (targetId === undefined)
          throw new AppError("not_found", `There is no ${input.target} "${input.targetId}" for sale.`);
        if (found.length > 1)
          throw new AppError(
            "input_invalid",
            `${found.length} of that name are for sale: name one by its address.`,
            { details: { fields: { targetId: `${found.length} have that name: use its address` } } },
          );
        const { id } = await createRule(
          ctx.handle,
          { ...input, targetId },
          { actorUserId: ctx.caller.userId, clock: ctx.clock },
        );
        await recsys.rulesChanged();
        return { id };
      }),
    endRule: procedure("operate.write", { limit: "write" })
      .input(z.object({ id: z.uuid() }))
      .mutation(async ({ ctx, input }) => {
        await stopRule(ctx.handle, input.id, { actorUserId: ctx.caller.userId, clock: ctx.clock });
        await recsys.rulesChanged();
        return { ended: true };
      }),
  });
}
