import {
  amountOf,
  Anchor,
  Button,
  Card,
  FarmMark,
  IconButton,
  LinkButton,
  Price,
  ProductRow,
  QuantityStepper,
} from "@almanac/ui";
import type { Cart } from "@almanac/client/react";
import { photoOf, pictureOf, unitText } from "../products/card.ts";
import { BasketForm } from "./basket-form.tsx";
import { Instead } from "./instead.tsx";

type Line = Cart["lines"][number];

/** The basket by farm, each line with its amount and what is wrong with it. */
export function BasketGroups({ cart }: { cart: Cart }) {
  return (
    <div className="stack">
      {cart.groups.map(({ farm }) => (
        <Card
          key={farm.id}
          headingLevel={2}
          title={
            <span className="cluster">
              <FarmMark name={farm.name} />
              <Anchor href={`/farms/${farm.slug}`}>{farm.name}</Anchor>
            </span>
          }
        >
          {cart.lines
            .filter((line) => line.farm.id === farm.id)
            .map((line) => (
              <BasketLine key={line.variantId} line={line} />
            ))}
        </Card>
      ))}
    </div>
  );
}

/** "each, about 750 g, 4.90 /kg"; "2.50 bunch" where a bunch is what is sold. */
function detailOf(line: Line): string {
  const price = `${amountOf(line.unitPriceCents)} ${unitText(line)}`;
  return line.variantName === line.priceUnit ? price : `${line.variantName}, ${price}`;
}

function BasketLine({ line }: { line: Line }) {
  const photo = photoOf(line.image);
  return (
    <ProductRow
      href={`/products/${line.slug}`}
      name={line.name}
      picture={pictureOf(line)}
      {...(photo && { photo })}
      detail={detailOf(line)}
      end={
        <span className="basket-line__price">
          {line.isWeighed && <span className="soft small">about</span>}
          {isGone(line) ? (
            <del className="soft">{amountOf(line.estimateCents)}</del>
          ) : (
            <Price cents={line.estimateCents} />
          )}
        </span>
      }
      controls={
        <>
          <BasketForm kind="set" product={line} variantId={line.variantId} quiet>
            {() => <QuantityStepper label={line.name} value={line.quantity} min={0} max={99} />}
          </BasketForm>
          <BasketForm kind="set" product={line} variantId={line.variantId} quantity={0} quiet>
            {({ busy }) => (
              <IconButton type="submit" icon="trash" label={`Remove ${line.name}`} aria-busy={busy} />
            )}
          </BasketForm>
        </>
      }
    >
      <LineProblem line={line} />
    </ProductRow>
  );
}

/** It is not in the sum. */
const isGone = ({ problem }: Line): boolean => problem === "sold_out" || problem === "delisted";

function LineProblem({ line }: { line: Line }) {
  if (!line.problem) return null;
  const words = {
    sold_out: "Sold out for this market day.",
    delisted: "Not on sale any more.",
    not_enough: `Only ${line.availableQuantity} left.`,
  }[line.problem];
  return (
    <div className="cluster">
      <span className="product-card__note" role="status">
        {words}
      </span>
      {line.problem === "not_enough" && (
        <BasketForm
          kind="set"
          product={line}
          variantId={line.variantId}
          quantity={line.availableQuantity}
          quiet
        >
          {({ busy }) => (
            <Button type="submit" tone="secondary" size="small" busy={busy}>
              Take {line.availableQuantity}
            </Button>
          )}
        </BasketForm>
      )}
      {isGone(line) ? <Instead line={line} /> : <FindAnother name={line.name} />}
    </div>
  );
}

function FindAnother({ name }: { name: string }) {
  return (
    <LinkButton href={`/search?q=${encodeURIComponent(name)}`} tone="secondary" size="small">
      Find another
    </LinkButton>
  );
}
