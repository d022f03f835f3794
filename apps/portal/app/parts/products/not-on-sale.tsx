import { Notice } from "@almanac/ui";
import { Act } from "../forms/act.tsx";

export interface NotOnSaleProps {
  status: "draft" | "live" | "hidden" | "archived";
  productId: string;
  name: string;
  /** It has a price, so that it can be put on sale. */
  canSell: boolean;
}

/** Why a harvest of a product that nobody can buy does not show it: whoever hid it did so on purpose. */
export function NotOnSale({ status, productId, name, canSell }: NotOnSaleProps) {
  if (status === "live") return null;
  const why: Readonly<Record<typeof status, string>> = {
    hidden:
      "You have hidden it. A harvest adds to its stock and leaves it hidden, until you put it on sale again.",
    draft: "It is a draft. A harvest adds to its stock, and shoppers see it once you put it on sale.",
    archived: "It is archived. A harvest adds to its stock and leaves it archived.",
  };
  return (
    <Notice
      title="Shoppers do not see this product"
      actions={
        canSell &&
        status !== "archived" && (
          <Act intent="status" subject={productId} fields={{ status: "live", name }} label="Put it on sale" />
        )
      }
    >
      {why[status]}
    </Notice>
  );
}
