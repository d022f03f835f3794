import { setPrice, type Act } from "@almanac/catalog";
import type { Transaction } from "@almanac/db";
import { AppError, newId, type FarmId, type Id, type VariantId } from "@almanac/kernel";
import { adviseFarm, type OfferAdvice } from "./advising.ts";
import { findDecision, insertDecision, lockDecisions, markUndone } from "./store/decisions.ts";

export type DecisionId = Id<"price-decision">;

export interface Choice {
  readonly variantId: VariantId;
  /** As they stood on the page. */
  readonly currentCents: number;
  readonly suggestedCents: number;
}

/**
 * Asks the suggested price from now on, through the catalog as any other change of a price: with its place in the history
 * and its fact, from which follows whether it is told as a price drop.
 *
 * @throws AppError `variant_not_found`; `suggestion_changed` when the price or the suggestion is no longer the one that was
 * shown
 */
export async function acceptSuggestion(
  tx: Transaction,
  farmId: FarmId,
  choice: Choice,
  act: Act,
): Promise<{ decisionId: DecisionId; previousPriceCents: number }> {
  await assertStands(tx, farmId, choice, act);
  const { variantId, suggestedCents } = choice;
  const reason = "price suggestion";
  const { previousPriceCents } = await setPrice(
    tx,
    { farmId, variantId, unitPriceCents: suggestedCents, reason },
    act,
  );
  return { decisionId: await decide(tx, farmId, choice, "accepted", act), previousPriceCents };
}

/**
 * Does not show the suggestion again for four weeks, as long as the price stays as it is.
 *
 * @throws AppError as `acceptSuggestion`
 */
export async function dismissSuggestion(
  tx: Transaction,
  farmId: FarmId,
  choice: Choice,
  act: Act,
): Promise<{ decisionId: DecisionId }> {
  await assertStands(tx, farmId, choice, act);
  return { decisionId: await decide(tx, farmId, choice, "dismissed", act) };
}

/**
 * Takes back what was accepted or dismissed. A price that was changed again since stays as it is.
 *
 * @throws AppError `price_decision_not_found`; `suggestion_changed`
 */
export async function undoDecision(
  tx: Transaction,
  farmId: FarmId,
  decisionId: DecisionId,
  act: Act,
): Promise<{ unitPriceCents: number }> {
  await lockDecisions(tx, farmId);
  const decision = await findDecision(tx, farmId, decisionId);
  if (!decision || decision.outcome === "undone")
    throw new AppError("price_decision_not_found", "There is nothing to take back.");
  const { variantId, fromCents, suggestedCents } = decision;
  if (decision.outcome === "accepted") {
    const { advice } = await adviseFarm(tx, farmId, act.now);
    const offer = advice.find((one) => one.offer.variantId === variantId)?.offer;
    if (offer?.unitPriceCents !== suggestedCents) throw changed();
    await setPrice(
      tx,
      { farmId, variantId, unitPriceCents: fromCents, reason: "price suggestion undone" },
      act,
    );
  }
  await markUndone(tx, decisionId);
  return { unitPriceCents: fromCents };
}

async function assertStands(
  tx: Transaction,
  farmId: FarmId,
  { variantId, currentCents, suggestedCents }: Choice,
  { now }: Act,
): Promise<OfferAdvice> {
  // Two who answer the same suggestion wait for each other; the second finds that it no longer stands.
  await lockDecisions(tx, farmId);
  const { advice } = await adviseFarm(tx, farmId, now);
  const found = advice.find(({ offer }) => offer.variantId === variantId);
  if (!found) throw new AppError("variant_not_found", "There is no such variant.");
  const { offer, suggestion } = found;
  const isOne = suggestion.priceCents !== offer.unitPriceCents;
  if (!isOne || offer.unitPriceCents !== currentCents || suggestion.priceCents !== suggestedCents)
    throw changed();
  return found;
}

async function decide(
  tx: Transaction,
  farmId: FarmId,
  { variantId, currentCents, suggestedCents }: Choice,
  outcome: "accepted" | "dismissed",
  { now, userId }: Act,
): Promise<DecisionId> {
  const id = newId<DecisionId>(now.getTime());
  await insertDecision(tx, {
    id,
    farmId,
    variantId,
    fromCents: currentCents,
    suggestedCents,
    outcome,
    decidedBy: userId ?? null,
    decidedAt: now,
  });
  return id;
}

function changed(): AppError {
  return new AppError("suggestion_changed", "The price or its suggestion has changed since it was shown.");
}
