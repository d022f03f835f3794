import { amountOf, Anchor, Card, FarmMark, Sparkline } from "@almanac/ui";
import type { CSSProperties } from "react";
import { dayInWords } from "../words/dates.ts";
import type { ProductData } from "./product-head.tsx";
import { useVisit } from "../shell/visit.ts";
import { harvestedWords } from "../words/harvested.ts";

/** Farm, storage and price history: what one wants to know before cooking with it. */
export function ProductFacts({ product }: { product: ProductData }) {
  const timeZone = useVisit().market?.timeZone ?? "UTC";
  const harvested = harvestedWords(product.lastHarvestAt, timeZone);
  const { farm } = product;
  return (
    <div className="tile-grid" style={{ "--tile-min": "18rem" } as CSSProperties}>
      <Card title={farm.name} headingLevel={2} aside={<FarmMark name={farm.name} />}>
        <p className="soft">{firstSentences(farm.story)}</p>
        <p className="small soft">
          {[
            farm.town,
            ...farm.stalls.map(({ marketName, stall }) =>
              stall ? `${marketName}, stall ${stall}` : marketName,
            ),
          ]
            .filter(Boolean)
            .join(" · ")}
        </p>
        <p>
          <Anchor href={`/farms/${farm.slug}`}>All about the farm</Anchor>
        </p>
      </Card>
      {(product.storageTips || harvested) && (
        <Card title="Keeping it" headingLevel={2}>
          {product.storageTips && <p>{product.storageTips}</p>}
          {harvested && <p className="soft small">{harvested}</p>}
        </Card>
      )}
      <PriceHistory product={product} />
    </div>
  );
}

function PriceHistory({ product }: { product: ProductData }) {
  const [history] = product.priceHistory;
  const points = history?.points ?? [];
  const prices = points.map(({ unitPriceCents }) => unitPriceCents);
  const last = points.at(-1);
  if (!last || prices.length < 2) return null;
  const lowest = Math.min(...prices);
  const highest = Math.max(...prices);
  return (
    <Card title="Its price" headingLevel={2}>
      <Sparkline
        values={prices.map((cents) => cents / 100)}
        label={`Price in the last 90 days, ${prices.length} steps`}
      />
      <p className="soft small">
        {lowest === highest
          ? `${amountOf(lowest)} for 90 days.`
          : `Between ${amountOf(lowest)} and ${amountOf(highest)} in 90 days; last changed on ${dayInWords(last.at)}.`}
      </p>
    </Card>
  );
}

function firstSentences(story: string): string {
  const [first = "", second = ""] = story.split(/(?<=[.!?])\s+/);
  return [first, second].join(" ").trim();
}
