import { useTrackAction, type Item } from "@almanac/client/react";
import {
  amountOf,
  Anchor,
  Badge,
  Button,
  Card,
  FarmMark,
  Input,
  Picture,
  Price,
  Radio,
  RatingStars,
  SeasonFigure,
  useToasts,
  type SeasonLevel,
} from "@almanac/ui";
import type { SerializeFrom } from "@remix-run/node";
import type { productPageOf } from "../server/product-page.server.ts";
import { useHydrated } from "../shell/hydrated.ts";
import { useVisit } from "../shell/visit.ts";
import { dayInWords } from "../words/dates.ts";
import { isAtPeak, photoOf, pictureOf, unitText } from "./card.ts";
import { BasketForm, useUnitsInBasket } from "../cart/basket-form.tsx";
import { KeepOnWishlist } from "./cart-buttons.tsx";
import { NotifyMe } from "./notify-me.tsx";
import { Suggesting } from "./suggesting.tsx";

export type ProductData = SerializeFrom<typeof productPageOf>["product"];
export type RatingsData = SerializeFrom<typeof productPageOf>["ratings"];
/** The card says what can be had of it now. */
type StockData = Pick<Item["card"], "isAvailable" | "isLow" | "availableQuantity" | "season"> | undefined;

interface ProductHeadProps {
  product: ProductData;
  /** Absent when it could not be asked: then the basket says what is left. */
  stock: StockData;
  ratings: RatingsData;
  seasonYear: readonly SeasonLevel[] | undefined;
  /** Whether the shopper does not want it suggested. */
  isHidden: boolean;
}

/** Picture, name, farm, price, and what can be done with the product. */
export function ProductHead({ product, stock, ratings, seasonYear, isHidden }: ProductHeadProps) {
  const { year } = useVisit();
  const photo = photoOf(product.image);
  return (
    <div className="beside beside--even">
      <Picture name={pictureOf(product)} alt={product.name} shape="page" eager {...(photo && { photo })} />
      <div className="stack">
        <div className="cluster">
          {stock && isAtPeak(stock.season) && <Badge tone="good">Peak now</Badge>}
          {product.isOrganic && <Badge icon="leaf">Organic</Badge>}
          {product.snapEligible && <Badge>SNAP</Badge>}
        </div>
        <h1>{product.name}</h1>
        <div className="cluster">
          <FarmMark name={product.farm.name} />
          <Anchor href={`/farms/${product.farm.slug}`}>{product.farm.name}</Anchor>
          {ratings?.average != null && <RatingStars value={ratings.average} count={ratings.count} />}
        </div>
        <BuyForm product={product} stock={stock} />
        <p>{product.description}</p>
        <div className="cluster">
          <KeepOnWishlist product={product} />
          <span className="soft small">Keep it on the wishlist</span>
          <ShareButton product={product} />
          <Suggesting product={product} isHidden={isHidden} />
          {(stock?.isAvailable === false || product.stockAlerts.includes("BACK_IN_STOCK")) && (
            <NotifyMe
              product={product}
              kind="BACK_IN_STOCK"
              isOn={product.stockAlerts.includes("BACK_IN_STOCK")}
            />
          )}
        </div>
        {seasonYear && (
          <Card look="sunken" title="Its year" headingLevel={2}>
            <SeasonFigure year={seasonYear} {...year} />
          </Card>
        )}
      </div>
    </div>
  );
}

function BuyForm({ product, stock }: { product: ProductData; stock: StockData }) {
  const inBasket = useUnitsInBasket(product.variants.map(({ id }) => id));
  const [first, ...others] = product.variants;
  if (!first) return <p className="soft">Nothing of it is on sale right now.</p>;
  if (stock && !stock.isAvailable) {
    return (
      <div className="stack stack--tight">
        <VariantPrice variant={first} large />
        <p>
          <strong>Sold out for now.</strong>{" "}
          {stock.season.returnsOn
            ? `The next harvest is expected from ${dayInWords(stock.season.returnsOn)}.`
            : "Let us tell you when it is back."}
        </p>
      </div>
    );
  }
  return (
    <BasketForm
      kind="add"
      product={{ productId: product.id, name: product.name }}
      {...(others.length === 0 && { variantId: first.id })}
      className="stack"
    >
      {({ busy }) => (
        <>
          <VariantPrice variant={first} large />
          {others.length > 0 && <SizeChoice variants={product.variants} />}
          <div className="cluster">
            <label className="cluster">
              <span className="visually-hidden">How many</span>
              <Input
                className="input--short"
                type="number"
                name="quantity"
                min={1}
                max={99}
                defaultValue={1}
                inputMode="numeric"
              />
            </label>
            <Button type="submit" size="large" icon="basket" busy={busy}>
              Add to basket
            </Button>
            {stock?.isLow && <span className="soft">Only {stock.availableQuantity} left</span>}
            {inBasket > 0 && <Anchor href="/cart">{inBasket} in your basket</Anchor>}
          </div>
        </>
      )}
    </BasketForm>
  );
}

type Variant = ProductData["variants"][number];

const sizesShown = 6;

/** All sizes of a product, the first one chosen; beyond a handful the others are folded away. */
function SizeChoice({ variants }: { variants: readonly Variant[] }) {
  const radio = (variant: Variant, index: number) => (
    <Radio
      key={variant.id}
      name="variantId"
      value={variant.id}
      defaultChecked={index === 0}
      label={variant.name}
      hint={<VariantPrice variant={variant} />}
    />
  );
  const folded = variants.length > sizesShown + 1 ? variants.slice(sizesShown) : [];
  const open = variants.slice(0, variants.length - folded.length);
  return (
    <fieldset className="fieldset">
      <legend className="fieldset__legend">Size</legend>
      {open.map(radio)}
      {folded.length > 0 && (
        <details className="stack">
          <summary className="small">{folded.length} more sizes</summary>
          <div className="stack">{folded.map((variant) => radio(variant, sizesShown))}</div>
        </details>
      )}
    </fieldset>
  );
}

/** The price with its unit; for what is weighed, what one is likely to cost. */
function VariantPrice({ variant, large = false }: { variant: Variant; large?: boolean }) {
  return (
    <span className="stack stack--tight">
      <Price
        cents={variant.unitPriceCents}
        unit={unitText(variant)}
        size={large ? "large" : "normal"}
        {...(variant.previousPriceCents !== undefined && { wasCents: variant.previousPriceCents })}
      />
      {variant.limited && (
        <span className="small">
          {[variant.limited.words, variant.limited.toDay && `until ${dayInWords(variant.limited.toDay)}`]
            .filter(Boolean)
            .join(" · ")}
        </span>
      )}
      {variant.isWeighed && (
        <span className="soft small">
          {startOfSentence(variant.name)}, so about {amountOf(variant.estimateCents)}. It is weighed when
          packed, and you pay what the scale says.
        </span>
      )}
      {!variant.isWeighed && large && variant.name !== variant.priceUnit && (
        <span className="soft small">{startOfSentence(variant.name)}</span>
      )}
    </span>
  );
}

function startOfSentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function ShareButton({ product }: { product: ProductData }) {
  const isHydrated = useHydrated();
  const track = useTrackAction();
  const { show } = useToasts();
  if (!isHydrated) return null;
  const share = async (): Promise<void> => {
    const url = new URL(`/products/${product.slug}`, window.location.href).href;
    const method = await shareOrCopy({
      title: product.name,
      text: `${product.name} from ${product.farm.name}`,
      url,
    });
    if (!method) return;
    track({ action: "SHARE_PRODUCT", entityType: "PRODUCT", entityId: product.id, metadata: { method } });
    if (method === "link") show({ message: "The link is copied." });
  };
  return (
    <Button type="button" tone="secondary" icon="share" onClick={() => void share()}>
      Share
    </Button>
  );
}

/** @returns how it was shared; `undefined` when the person changed their mind */
async function shareOrCopy(content: {
  title: string;
  text: string;
  url: string;
}): Promise<"sheet" | "link" | undefined> {
  if ("share" in navigator) {
    try {
      await navigator.share(content);
      return "sheet";
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return undefined;
    }
  }
  if ("clipboard" in navigator) {
    try {
      await navigator.clipboard.writeText(content.url);
      return "link";
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
    }
  }
  window.prompt("Copy this link", content.url);
  return "link";
}
