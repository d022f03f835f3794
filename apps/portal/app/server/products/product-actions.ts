import { formatCents, type ProductId, type VariantId } from "@almanac/kernel";
import type { Fields } from "../request/fields.ts";
import type { Done } from "../request/handlers.ts";
import type { Api, FarmPlace } from "../request/person.ts";
import type { ProductStatus } from "./products.ts";

const statuses = ["draft", "live", "hidden", "archived"] as const satisfies readonly ProductStatus[];

const became: Readonly<Record<ProductStatus, string>> = {
  live: "is on sale",
  hidden: "is hidden from shoppers",
  draft: "is a draft again",
  archived: "is archived",
};

/** Puts a product on sale, hides or archives it; the answer undoes it where that is possible. */
export async function setStatus(
  api: Api,
  farm: FarmPlace,
  productId: ProductId,
  fields: Fields,
): Promise<Done> {
  const status = fields.oneOf("status", statuses);
  const name = fields.text("name") || "The product";
  fields.done();
  const { previousStatus } = await api.farmCatalog.products.setStatus({ farmId: farm.id, productId, status });
  const message = `${name} ${became[status]}.`;
  if (previousStatus === status || previousStatus === "draft") return { message };
  return {
    message,
    undo: { label: "Undo", fields: { intent: "status", subject: productId, status: previousStatus, name } },
  };
}

/** Sets a price; the answer sets it back. */
export async function setPrice(
  api: Api,
  farm: FarmPlace,
  variantId: VariantId,
  fields: Fields,
): Promise<Done> {
  const unitPriceCents = fields.cents("unitPriceCents");
  const reason = fields.optional("reason");
  fields.done();
  const { previousPriceCents } = await api.farmCatalog.setPrice({
    farmId: farm.id,
    variantId,
    unitPriceCents,
    ...(reason && { reason }),
  });
  if (previousPriceCents === unitPriceCents)
    return { message: `The price is ${formatCents(unitPriceCents)} already.` };
  return {
    message: `The price is ${formatCents(unitPriceCents)} now, it was ${formatCents(previousPriceCents)}.`,
    undo: {
      label: "Undo",
      fields: {
        intent: "price",
        subject: variantId,
        unitPriceCents: formatCents(previousPriceCents),
        reason: "taken back",
      },
    },
  };
}

/** What a product's form says, for a new one or an edit. */
export function readProduct(fields: Fields) {
  const picture = fields.optional("picture");
  const keeps = fields.optional("shelfLifeDays");
  return {
    name: fields.text("name", { required: "Give it a name." }),
    category: fields.text("category", { required: "Choose a category." }),
    description: fields.text("description"),
    storageTips: fields.text("storageTips"),
    crop: fields.text("crop"),
    shelfLifeDays: keeps ? fields.whole("shelfLifeDays", { min: 1, max: 3_650 }) : null,
    ...(picture && { picture }),
    isOrganic: fields.ticked("isOrganic"),
    snapEligible: fields.ticked("snapEligible"),
    isReplenishable: fields.ticked("isReplenishable"),
  };
}
