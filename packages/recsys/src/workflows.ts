import type { DatabaseHandle } from "@almanac/db";
import { writeAudit } from "@almanac/identity";
import { AppError, newId, type Clock, type UserId } from "@almanac/kernel";
import type { ShopView } from "./shop.ts";
import { endRule, insertRule, type StoredRule } from "./store/rules.ts";

export type NewRule = Omit<StoredRule, "id" | "createdBy" | "createdAt">;

export interface Actor {
  readonly actorUserId?: UserId;
  readonly clock: Clock;
}

/** Writes the rule and its line in the audit log together. */
export async function createRule(
  handle: DatabaseHandle,
  rule: NewRule,
  { actorUserId, clock }: Actor,
): Promise<StoredRule> {
  const now = clock.now();
  const created: StoredRule = { ...rule, id: newId(), createdBy: actorUserId ?? null, createdAt: now };
  const { kind, target, targetId, strength, firstDay, lastDay } = rule;
  await handle.transaction(async (tx) => {
    await insertRule(tx, created);
    await writeAudit(tx, {
      at: now,
      actorUserId,
      action: "recommendation_rule.created",
      subject: created.id,
      details: { kind, target, targetId, strength, firstDay, lastDay },
    });
  });
  return created;
}

/** @throws AppError `not_found` for a rule that is not there or was ended before */
export async function stopRule(
  handle: DatabaseHandle,
  id: string,
  { actorUserId, clock }: Actor,
): Promise<void> {
  const now = clock.now();
  await handle.transaction(async (tx) => {
    if (!(await endRule(tx, id, now)))
      throw new AppError("not_found", "There is no such rule, or it was ended before.");
    await writeAudit(tx, { at: now, actorUserId, action: "recommendation_rule.ended", subject: id });
  });
}

/** Names what a rule is about, as far as it is still for sale. */
export function nameTarget(
  shop: ShopView,
  { target, targetId }: Pick<StoredRule, "target" | "targetId">,
): string {
  if (target === "product") return shop.find(targetId)?.product.name ?? "a product that is not for sale";
  const entries = shop.all();
  if (target === "category")
    return (
      entries.find(({ product }) => product.category.slug === targetId)?.product.category.name ?? targetId
    );
  return (
    entries.find(({ product }) => product.farm.id === targetId)?.product.farm.name ??
    "a farm without products"
  );
}

/** What is for sale by that id, slug or name, as a rule keeps it: an id, or the slug of a category. */
export function findTargets(
  shop: ShopView,
  { target, targetId }: Pick<StoredRule, "target" | "targetId">,
): string[] {
  const wanted = targetId.toLowerCase();
  const found = { exact: new Set<string>(), named: new Set<string>() };
  for (const { product } of shop.all()) {
    const { id, slug, name } =
      target === "product"
        ? product
        : target === "farm"
          ? product.farm
          : { id: product.category.slug, ...product.category };
    if (id === targetId || slug === wanted) found.exact.add(id);
    else if (name.toLowerCase() === wanted) found.named.add(id);
  }
  return [...(found.exact.size > 0 ? found.exact : found.named)];
}
