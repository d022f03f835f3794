import { formatQuantity, formatRoughQuantity } from "@almanac/kernel";
import { Badge, EmptyState, LinkButton, PageHead, isPictureName, pictureFor } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { DayBar, DayLegend } from "../parts/market-day/day-bar.tsx";
import { NotYet } from "../parts/frame/not-yet.tsx";
import { titled } from "../parts/frame/titled.ts";
import { useLivePage } from "../parts/frame/use-polling.ts";
import { dayInWords, timeAt } from "../server/words/dates.ts";
import { rangeWords } from "../server/forecast/forecast-words.ts";
import { farmLoader } from "../server/request/handlers.ts";
import type { Api } from "../server/request/person.ts";

/** Rounded to ten minutes: nobody knows it better. */
const roundMs = 600_000;

/** Below this chance nothing is said of selling out. */
const leastChance = 0.3;
/** So many products are in sight; what is neither sold nor short is one tap away. */
const inSight = 8;

/** What may sell out first, by its chance; then what is sold, then what is ordered; of these what there is most of. */
function weightOf({ sellOutChance, soldBase, orderedBase }: NowProduct): number {
  if (sellOutChance >= leastChance) return 2 + sellOutChance;
  return soldBase > 0 ? 2 : orderedBase > 0 ? 1 : 0;
}

/** What the day comes to, in grams, where a piece counts as an apple or two. */
const amountOf = ({ now, baseUnit }: NowProduct): number => now.p50 * (baseUnit === "piece" ? 300 : 1);

export const loader = farmLoader(async ({ api, farm, person, liveCursor }) => {
  const found = await api.planning.nowcast({ farmId: farm.id });
  const home = `/portal/farms/${farm.slug}`;
  const live = { identity: person.email ?? farm.id, farmId: farm.id, cursor: liveCursor };
  if (!found) return { home, live, day: null };
  const zone = found.market.timeZone;
  const shown = found.products
    .filter(({ soldBase, morning }) => soldBase > 0 || (morning !== null && morning.p90 >= 0.5))
    .sort((a, b) => weightOf(b) - weightOf(a) || amountOf(b) - amountOf(a));
  return {
    home,
    live,
    day: {
      title: dayInWords(found.day, found.at),
      market: found.market.name,
      asOf:
        new Date(found.at) < new Date(found.closesAt)
          ? `As of ${timeAt(found.at, zone)}; every sale moves it.`
          : "It is over.",
      hours: `${timeAt(found.opensAt, zone)} to ${timeAt(found.closesAt, zone)}`,
      products: shown.map((product) => {
        const { baseUnit: unit, orderedBase, soldBase, leftBase, now, morning } = product;
        const isGone = leftBase <= 0 && soldBase > 0;
        // What is only expected is told to ten minutes, what has come to pass as it was.
        const time =
          product.sellsOutAt && timeAt(isGone ? product.sellsOutAt : roundedTime(product.sellsOutAt), zone);
        return {
          id: product.productId,
          name: product.name,
          picture: isPictureName(product.picture) ? product.picture : pictureFor({ name: product.name }),
          orderedBase,
          soldBase,
          broughtBase: orderedBase + soldBase + leftBase,
          p10: now.p10,
          p50: now.p50,
          p90: now.p90,
          sold: formatQuantity(soldBase, unit),
          ordered: orderedBase > 0 ? formatQuantity(orderedBase, unit) : "",
          left: formatQuantity(leftBase, unit),
          likely: formatRoughQuantity(now.p50, unit),
          range: firstLarge(rangeWords(now, unit)),
          morning: morning ? formatRoughQuantity(morning.p50, unit) : "",
          isLikely: product.sellOutChance >= 0.5,
          news: isGone
            ? `Sold out since ${time}; more was wanted`
            : time && product.sellOutChance >= leastChance
              ? `May sell out at ${time}, ${Math.round(100 * product.sellOutChance)} of 100`
              : "",
        };
      }),
    },
  };
});

export const meta = titled("Market day");

/** A market day while it runs: what was sold, what it will come to, what may sell out when. */
export default function MarketDay() {
  const { home, live, day } = useLoaderData<typeof loader>();
  useLivePage({
    identity: live.identity,
    topics: [`farm:${live.farmId}:sales`, `farm:${live.farmId}:inventory`],
    cursor: live.cursor,
    fallbackMs: 15_000,
  });
  const toStall = (
    <LinkButton href={`${home}/stall`} icon="scale">
      Sell
    </LinkButton>
  );
  if (!day) {
    return (
      <>
        <PageHead title="Market day" lead="What the day comes to, while it runs." actions={toStall} />
        <EmptyState
          title="No market today"
          headingLevel={2}
          actions={
            <LinkButton href={home} tone="secondary">
              To the next market day
            </LinkButton>
          }
        >
          On a market day each sale at the stall moves what this page expects.
        </EmptyState>
      </>
    );
  }
  const [first, rest] = [day.products.slice(0, inSight), day.products.slice(inSight)];
  return (
    <>
      <PageHead
        title="Market day"
        lead={`${day.market}, ${day.title}, ${day.hours}. ${day.asOf}`}
        actions={toStall}
      />
      {day.products.length === 0 ? (
        <NotYet home={home} title="Nothing expected, nothing sold">
          What is forecast for today and each sale at the stall stand here.
        </NotYet>
      ) : (
        <>
          <DayLegend />
          <DayList label="Products, the most likely to sell out first" products={first} />
          {rest.length > 0 && (
            <details className="fold">
              <summary>{rest.length} more, none of them short</summary>
              <DayList label="The other products" products={rest} />
            </details>
          )}
        </>
      )}
    </>
  );
}

type NowProduct = NonNullable<Awaited<ReturnType<Api["planning"]["nowcast"]>>>["products"][number];
type ShownProduct = NonNullable<ReturnType<typeof useLoaderData<typeof loader>>["day"]>["products"][number];

const firstLarge = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

const roundedTime = (at: Date | string): Date =>
  new Date(Math.round(new Date(at).getTime() / roundMs) * roundMs);

function DayList({ label, products }: { label: string; products: readonly ShownProduct[] }) {
  return (
    <ul className="day-now" aria-label={label}>
      {products.map((product) => (
        <li key={product.id} className="day-now__one" data-product={product.name}>
          <div className="day-now__head">
            <h2 className="day-now__name">{product.name}</h2>
            {product.news && <Badge tone={product.isLikely ? "urgent" : "calm"}>{product.news}</Badge>}
          </div>
          <DayBar {...product} />
          <dl className="day-now__figures">
            <div>
              <dt>Sold</dt>
              <dd className="numeric">{product.sold}</dd>
            </div>
            {product.ordered && (
              <div>
                <dt>Ordered</dt>
                <dd className="numeric">{product.ordered}</dd>
              </div>
            )}
            <div>
              <dt>Left</dt>
              <dd className="numeric">{product.left}</dd>
            </div>
            <div>
              <dt>Likely in all</dt>
              <dd className="numeric" data-figure="likely">
                {product.likely}
              </dd>
            </div>
          </dl>
          <p className="small soft">
            {product.range}
            {product.morning && `; this morning it was ${product.morning}`}.
          </p>
        </li>
      ))}
    </ul>
  );
}
