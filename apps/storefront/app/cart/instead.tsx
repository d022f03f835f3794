import { useExposure, useInsteadShelf, type Cart } from "@almanac/client/react";
import type { VariantId } from "@almanac/kernel";
import { amountOf, Button, LinkButton } from "@almanac/ui";
import { unitText } from "../products/card.ts";
import { useVisit } from "../shell/visit.ts";
import { useBasketChange } from "./basket-form.tsx";

type Line = Cart["lines"][number];

/**
 * What to take instead of a line that cannot be had: the nearest product that can, by name and price, one tap from the basket; and
 * a way to look further. It stands inside forms, so its button sends none.
 */
export function Instead({ line }: { line: Line }) {
  const { market } = useVisit();
  const { items } = useInsteadShelf(line.productId, { marketId: market?.id, size: 1 });
  const card = items?.[0]?.card;
  const seen = useExposure("recommendations");
  return (
    <div className="cluster" ref={seen}>
      {card && (
        <TakeInstead
          key={card.id}
          product={{ productId: card.id as Line["productId"], variantId: card.variantId as VariantId }}
          name={card.name}
          words={`Take ${card.name} from ${card.farm.name}, ${amountOf(card.priceCents)} ${unitText(card)}`}
        />
      )}
      <LinkButton
        href={`/search?q=${encodeURIComponent(line.name)}`}
        tone={card ? "quiet" : "secondary"}
        size="small"
      >
        Find another
      </LinkButton>
    </div>
  );
}

interface TakeInsteadProps {
  readonly product: { readonly productId: Line["productId"]; readonly variantId: VariantId };
  readonly name: string;
  readonly words: string;
}

function TakeInstead({ product, name, words }: TakeInsteadProps) {
  const { change, isBusy } = useBasketChange(name);
  return (
    <Button
      type="button"
      tone="secondary"
      size="small"
      busy={isBusy}
      onClick={() => change({ kind: "add", ...product, quantity: 1, from: "instead" })}
    >
      {words}
    </Button>
  );
}
