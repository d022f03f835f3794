import {
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
import type { SerializeFrom } from "@remix-run/node";
import { photoOf, pictureOf, unitText } from "../products/card.ts";
import type { loader } from "../routes/cart.tsx";
import { ActionForm } from "../shell/action-form.tsx";
import { amountOf } from "@almanac/ui";

type Cart = SerializeFrom<typeof loader>["cart"];
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

function BasketLine({ line }: { line: Line }) {
  const photo = photoOf(line.image);
  const fields = { variantId: line.variantId, productId: line.productId, name: line.name };
  return (
    <ProductRow
      href={`/products/${line.slug}`}
      name={line.name}
      picture={pictureOf(line)}
      {...(photo && { photo })}
      detail={`${line.variantName}, ${amountOf(line.unitPriceCents)} ${unitText(line)}`}
      end={
        <span className="basket-line__price">
          {line.isWeighed && <span className="soft small">about</span>}
          <Price cents={line.estimateCents} />
        </span>
      }
      controls={
        <>
          <ActionForm action="/cart" fields={{ intent: "set", ...fields }} quiet>
            {({ submitted }) => (
              <QuantityStepper
                label={line.name}
                value={submitted ? amountAfter(submitted, line.quantity) : line.quantity}
                min={0}
                max={99}
              />
            )}
          </ActionForm>
          <ActionForm action="/cart" fields={{ intent: "remove", ...fields }}>
            {({ busy }) => (
              <IconButton type="submit" icon="trash" label={`Remove ${line.name}`} aria-busy={busy} />
            )}
          </ActionForm>
        </>
      }
    >
      <LineProblem line={line} />
    </ProductRow>
  );
}

function amountAfter(form: FormData, before: number): number {
  const amount = Number(form.get("quantity") ?? before) + Number(form.get("step") ?? 0);
  return Number.isFinite(amount) ? Math.max(0, amount) : before;
}

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
        <ActionForm
          action="/cart"
          fields={{
            intent: "set",
            variantId: line.variantId,
            productId: line.productId,
            name: line.name,
            quantity: line.availableQuantity,
          }}
          quiet
        >
          {({ busy }) => (
            <Button type="submit" tone="secondary" size="small" busy={busy}>
              Take {line.availableQuantity}
            </Button>
          )}
        </ActionForm>
      )}
      <LinkButton href={`/search?q=${encodeURIComponent(line.name)}`} tone="secondary" size="small">
        Find another
      </LinkButton>
    </div>
  );
}
