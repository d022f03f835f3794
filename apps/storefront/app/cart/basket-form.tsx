import { reasonOf, useCart, useCartChange, type Cart, type CartChange } from "@almanac/client/react";
import { useToasts } from "@almanac/ui";
import type { FormEvent, ReactNode } from "react";
import { ReturnFields } from "../shell/action-form.tsx";
import { useHydrated } from "../shell/hydrated.ts";
import { useVisit } from "../shell/visit.ts";
import { refusalWords, wordsFor } from "../words/refusals.ts";

type Line = Cart["lines"][number];

export interface BasketFormProps {
  product: { readonly productId: Line["productId"]; readonly name: string };
  /** "set" to 0 takes it out. */
  kind: CartChange["kind"];
  /** Without it the form has a choice named `variantId`. */
  variantId?: Line["variantId"];
  /** Without it the form has a field named `quantity`. */
  quantity?: number;
  /** The shelf that it stands on. */
  from?: string | undefined;
  /** Says only when it is refused, or when something is out of the basket. */
  quiet?: boolean;
  className?: string;
  children: (state: { busy: boolean; expected: number }) => ReactNode;
}

/**
 * A form that changes the basket. With scripts the page changes at once and says what came of it, with a way to take it back;
 * without, the form goes to /cart and comes back.
 */
export function BasketForm(props: BasketFormProps) {
  const { product, kind, variantId, quantity, from, quiet, className, children } = props;
  const isHydrated = useHydrated();
  const { change, isBusy, expected } = useBasketChange(product.name, { quiet });
  const onSubmit = (event: FormEvent<HTMLFormElement>): void => {
    const wanted = readChange(event);
    event.preventDefault();
    change({ kind, productId: product.productId, ...wanted, ...(from !== undefined && { from }) });
  };
  return (
    <form method="post" action="/cart" className={className} {...(isHydrated && { onSubmit })}>
      <ReturnFields />
      <input type="hidden" name="intent" value={kind} />
      <input type="hidden" name="productId" value={product.productId} />
      <input type="hidden" name="name" value={product.name} />
      {variantId !== undefined && <input type="hidden" name="variantId" value={variantId} />}
      {quantity !== undefined && <input type="hidden" name="quantity" value={quantity} />}
      {from !== undefined && <input type="hidden" name="from" value={from} />}
      {children({ busy: isBusy, expected })}
    </form>
  );
}

/** The amount of the field, changed by the button that was pressed. */
function readChange(event: FormEvent<HTMLFormElement>): Pick<CartChange, "variantId" | "quantity"> {
  const { submitter } = event.nativeEvent as SubmitEvent;
  const form = new FormData(event.currentTarget, submitter);
  const amount = Number(form.get("quantity") ?? 1) + Number(form.get("step") ?? 0);
  const variantId = form.get("variantId");
  return {
    variantId: (typeof variantId === "string" ? variantId : "") as Line["variantId"],
    quantity: Number.isFinite(amount) ? Math.min(99, Math.max(0, Math.trunc(amount))) : 1,
  };
}

/** Changes the basket and says what came of it. */
export function useBasketChange(name: string, { quiet = false }: { quiet?: boolean | undefined } = {}) {
  const { market } = useVisit();
  const { show } = useToasts();
  const changing = useCartChange({
    marketId: market?.id,
    onDone({ change: { kind, variantId, productId }, before, after }) {
      const message =
        after === 0 ? `${name} is out of your basket.` : quiet ? undefined : `${name} is in your basket.`;
      if (message === undefined || (kind === "set" && before === after)) return;
      const undo = (): void => changing.change({ kind: "set", variantId, productId, quantity: before });
      show({ message, action: { label: "Undo", onPress: undo } });
    },
    onFailed: (error) => show({ message: wordsFor(reasonOf(error)) ?? refusalWords.invariant_failed }),
  });
  return changing;
}

/** Units of a product's sizes in the basket. */
export function useUnitsInBasket(variantIds: readonly string[]): number {
  const cart = useCart();
  return (cart?.lines ?? [])
    .filter((line) => variantIds.includes(line.variantId))
    .reduce((sum, line) => sum + line.quantity, 0);
}
