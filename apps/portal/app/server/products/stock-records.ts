import { formatQuantity, parseId, type LotId, type ProductId } from "@almanac/kernel";
import type { Fields } from "../request/fields.ts";
import type { Done } from "../request/handlers.ts";
import type { Api, FarmPlace } from "../request/person.ts";

type Entry = Awaited<ReturnType<Api["farmStock"]["ledger"]>>["items"][number];

export const stockReasonWords: Readonly<Record<Entry["reason"], string>> = {
  harvest: "Harvested",
  restock: "Came in",
  sale: "Sold by order",
  stall_sale: "Sold at the stall",
  return: "Came back",
  waste: "Waste",
  donation: "Donated",
  recount: "Counted",
  weighing: "Weighed",
  import: "Brought over",
};

const reasons = ["harvest", "restock", "stall_sale", "waste", "donation", "recount"] as const;
const outward: ReadonlySet<string> = new Set(["stall_sale", "waste", "donation"]);

/** Writes a movement into the ledger; the answer writes its opposite. */
export async function recordStock(
  api: Api,
  farm: FarmPlace,
  productId: ProductId,
  fields: Fields,
): Promise<Done> {
  const { baseUnit } = await api.farmCatalog.products.get({ farmId: farm.id, productId });
  const reason = fields.oneOf("reason", reasons);
  const amount = fields.quantity("amount", baseUnit);
  const idempotencyKey = fields.text("key", { required: "Open the page again." });
  if (amount === 0 && reason !== "recount") fields.wrong("amount", "Nothing would change.");
  fields.done();
  const lotId = fields.optional("lotId");
  const common = {
    farmId: farm.id,
    productId,
    reason,
    idempotencyKey,
    note: fields.text("note"),
    ...(lotId && { lotId: parseId<LotId>(lotId) }),
  };
  if (reason === "recount") {
    const { onHandBase } = await api.farmStock.record({ ...common, countedBase: amount });
    return { message: `Counted: ${formatQuantity(onHandBase, baseUnit)} on hand.` };
  }
  const deltaBase = outward.has(reason) ? -amount : amount;
  const { onHandBase, isRepeat } = await api.farmStock.record({ ...common, deltaBase });
  const onHand = `${formatQuantity(onHandBase, baseUnit)} on hand now.`;
  if (isRepeat) return { message: `This was recorded already: ${onHand}` };
  return {
    message: `${stockReasonWords[reason]}: ${formatQuantity(amount, baseUnit)}. ${onHand}`,
    undo: {
      label: "Take it back",
      fields: {
        intent: "takeBack",
        delta: String(-deltaBase),
        key: crypto.randomUUID(),
        about: stockReasonWords[reason],
      },
    },
  };
}

/** The ledger only grows: what was recorded by mistake is set right by its opposite. */
export async function takeBack(
  api: Api,
  farm: FarmPlace,
  productId: ProductId,
  fields: Fields,
): Promise<Done> {
  const { baseUnit } = await api.farmCatalog.products.get({ farmId: farm.id, productId });
  const deltaBase = fields.whole("delta", { min: -100_000_000, max: 100_000_000 });
  const idempotencyKey = fields.text("key", { required: "Open the page again." });
  fields.done();
  const note = `taken back: ${fields.text("about").toLowerCase()}`;
  const request = { farmId: farm.id, productId, reason: "recount" as const, deltaBase, note, idempotencyKey };
  const { onHandBase } = await api.farmStock.record(request);
  return { message: `Taken back. ${formatQuantity(onHandBase, baseUnit)} on hand now.` };
}
