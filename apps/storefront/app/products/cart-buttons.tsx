import { reasonOf, useWishChange, useWishedIds } from "@almanac/client/react";
import type { ProductId } from "@almanac/kernel";
import { AddButton, useToasts, WishButton } from "@almanac/ui";
import { BasketForm, useUnitsInBasket, type BasketFormProps } from "../cart/basket-form.tsx";
import { ReturnFields } from "../shell/action-form.tsx";
import { useHydrated } from "../shell/hydrated.ts";
import { refusalWords, wordsFor } from "../words/refusals.ts";
import type { ShopCard } from "./card.ts";

/** "Add" on a card. */
export function AddToBasket({ product, from }: { product: ShopCard; from?: string | undefined }) {
  const inBasket = useUnitsInBasket([product.variantId]);
  return (
    <BasketForm
      kind="add"
      product={{ productId: product.id as ProductId, name: product.name }}
      variantId={product.variantId as NonNullable<BasketFormProps["variantId"]>}
      quantity={1}
      from={from}
    >
      {({ expected }) => (
        <AddButton
          productName={product.name}
          inBasket={inBasket === 0 ? expected : inBasket}
          data-variant={product.variantId}
        />
      )}
    </BasketForm>
  );
}

/** The heart of a card: full at once, empty again when that is refused. */
export function KeepOnWishlist({ product }: { product: { readonly id: string; readonly name: string } }) {
  const id = product.id as ProductId;
  const isKept = useWishedIds().includes(id);
  const isHydrated = useHydrated();
  const { show } = useToasts();
  const wish = useWishChange(id, {
    onDone: (isWished) =>
      show({
        message: isWished
          ? `${product.name} is on your wishlist. We tell you when its price drops.`
          : `${product.name} is off your wishlist.`,
        action: { label: "Undo", onPress: () => wish.change(!isWished) },
      }),
    onFailed: (error) => show({ message: wordsFor(reasonOf(error)) ?? refusalWords.invariant_failed }),
  });
  return (
    <form
      method="post"
      action="/wishlist"
      {...(isHydrated && {
        onSubmit: (event) => {
          event.preventDefault();
          wish.change(!isKept);
        },
      })}
    >
      <ReturnFields />
      <input type="hidden" name="intent" value={isKept ? "remove" : "add"} />
      <input type="hidden" name="productId" value={product.id} />
      <input type="hidden" name="name" value={product.name} />
      <WishButton productName={product.name} wished={isKept} />
    </form>
  );
}
