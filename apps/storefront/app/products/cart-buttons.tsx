import { AddButton, WishButton } from "@almanac/ui";
import { ActionForm } from "../shell/action-form.tsx";
import { useVisit } from "../shell/visit.ts";

interface Addable {
  readonly variantId: string;
  readonly id: string;
  readonly name: string;
}

/** "Add" on a card. */
export function AddToBasket({ product, from }: { product: Addable; from?: string | undefined }) {
  const { cart } = useVisit();
  const inBasket = cart.quantities[product.variantId] ?? 0;
  return (
    <ActionForm
      action="/cart"
      fields={{
        intent: "add",
        variantId: product.variantId,
        productId: product.id,
        name: product.name,
        quantity: 1,
        ...(from && { from }),
      }}
    >
      {({ busy }) => (
        <AddButton
          productName={product.name}
          busy={busy}
          inBasket={inBasket}
          data-variant={product.variantId}
        />
      )}
    </ActionForm>
  );
}

/** The heart of a card. */
export function KeepOnWishlist({ product }: { product: { readonly id: string; readonly name: string } }) {
  const { wished } = useVisit();
  const isKept = wished.includes(product.id);
  return (
    <ActionForm
      action="/wishlist"
      fields={{ intent: isKept ? "remove" : "add", productId: product.id, name: product.name }}
    >
      {({ submitted }) => (
        <WishButton
          productName={product.name}
          wished={submitted ? submitted.get("intent") === "add" : isKept}
        />
      )}
    </ActionForm>
  );
}
