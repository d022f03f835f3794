import {
  homePlaces,
  useExposure,
  useHomeShelf,
  useRecommendations,
  type HomeSection,
} from "@almanac/client/react";
import { Button, EmptyState, Hero, LinkButton, SeasonBoard, SectionHead, Select } from "@almanac/ui";
import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { pictureOf, type ShopPick } from "../products/card.ts";
import { useRecommends } from "../products/recommending.ts";
import { Shelf } from "../products/shelf.tsx";
import { loadBeside } from "../server/answer.server.ts";
import { marketOf } from "../server/visit.server.ts";
import { ActionForm } from "../shell/action-form.tsx";
import { useVisit } from "../shell/visit.ts";
import { atMarket, dayInWords } from "../words/dates.ts";

/** Cards that a shelf shows. */
const shelfSize = 8;

export async function loader({ context }: LoaderFunctionArgs) {
  const { api } = context;
  const here = await marketOf(context);
  const [home, again, farms] = await Promise.all([
    loadBeside(() => api.recsys.home({ ...here, limit: homePlaces, forYouPlaces: shelfSize })),
    loadBeside(() => api.recsys.buyAgain({ limit: 8 })),
    loadBeside(() => api.farms.list(here)),
  ]);
  return { home, again: again?.items ?? [], farmCount: farms?.length ?? 0 };
}

export default function Home() {
  const { home, again } = useLoaderData<typeof loader>();
  return (
    <div className="stack stack--loose">
      <HomeHero />
      <HomeShelves home={home} again={again} />
      <MarketChoice />
    </div>
  );
}

function HomeHero() {
  const { home, farmCount } = useLoaderData<typeof loader>();
  const { market } = useVisit();
  const window = market?.nextWindow;
  const good = [...(home?.inSeason ?? []), ...(home?.trending ?? []), ...(home?.forYou ?? [])];
  const pictures = [...new Set(good.map(({ card }) => pictureOf(card)))].slice(0, 12);
  const farms = farmCount > 1 ? `from ${farmCount} farms near you` : "from a farm near you";
  return (
    <Hero
      title={`What is good this week, ${farms}.`}
      lead={
        market && window
          ? `${market.name}. Order until ${atMarket(window.closesAt, market.timeZone, "weekday-time")}: one basket, one payment. Collect on ${dayInWords(window.marketDay)}.`
          : "One basket, one payment, straight from the farms. The next market day is being planned."
      }
      actions={
        <LinkButton tone="light" size="large" href="/search?inSeason=1">
          See what is ripe
        </LinkButton>
      }
      pictures={pictures}
    />
  );
}

type HomePicks = Awaited<ReturnType<typeof loader>>["home"];
type Again = Awaited<ReturnType<typeof loader>>["again"];

function HomeShelves({ home, again }: { home: HomePicks; again: Again }) {
  const { market } = useVisit();
  const marketId = market?.id;
  const useList = (section: HomeSection, size = shelfSize) =>
    useHomeShelf(section, { marketId, loaded: home?.[section], size });
  const recommends = useRecommends(home);
  const seen = useExposure("recommendations");
  const { recommendations, hasFailed } = useRecommendations({
    marketId,
    loaded: home?.forYou,
    size: shelfSize,
  });
  const trending = useList("trending");
  const inSeason = useList("inSeason", 24);
  const newArrivals = useList("newArrivals");
  const priceDrops = useList("priceDrops");
  const coming = useList("coming");
  const ending = useList("ending");
  const endingIds = new Set((ending.items ?? []).map(({ card }) => card.id));
  const good = (inSeason.items ?? []).filter(({ card }) => !endingIds.has(card.id));
  const best = good.filter(({ card }) => card.season?.phase === "peak");

  return (
    <>
      <div ref={seen}>
        {recommends && (
          <Shelf
            name="for-you"
            title="For you"
            text="Changes as you look around."
            layout="grid"
            picks={recommendations}
            hasFailed={hasFailed}
            eager
            more={{ href: "/account", label: "Why these?" }}
            empty={<NothingYet />}
          />
        )}
      </div>
      {recommends && again.length > 0 && (
        <Shelf
          name="buy-again"
          title="Buy again"
          text="What you take home again and again, the most due first."
          picks={again.map(pickAgain)}
        />
      )}
      <section className="stack" aria-labelledby="season-title">
        <SectionHead
          id="season-title"
          title="This week in the fields"
          text={market ? `Harvests around ${market.name}.` : undefined}
          more={{ href: "/search?inSeason=1", label: "All in season" }}
        />
        <SeasonBoard
          columns={[
            {
              kind: "now",
              title: best.length > 0 ? "At its best now" : "In season now",
              items: boardItems(best.length > 0 ? best : good, "now"),
              empty: "The fields rest.",
            },
            {
              kind: "coming",
              title: "Coming",
              items: boardItems(coming.items, "coming"),
              empty: "Nothing new in the next weeks.",
            },
            {
              kind: "ending",
              title: "Ending",
              items: boardItems(ending.items, "ending"),
              empty: "Nothing ends soon.",
            },
          ]}
        />
      </section>
      <Shelf
        name="trending"
        title="Trending now"
        text="What your neighbours put in their baskets this week."
        picks={trending.items}
        hasFailed={trending.hasFailed}
        empty={<p className="soft">It is quiet at the market. Be the first this week.</p>}
      />
      <Shelf
        name="in-season"
        title="In season"
        picks={inSeason.items?.slice(0, shelfSize)}
        hasFailed={inSeason.hasFailed}
        more={{ href: "/search?inSeason=1", label: "All in season" }}
        empty={<p className="soft">Nothing is harvested this week.</p>}
      />
      <Shelf
        name="new-arrivals"
        title="New arrivals"
        picks={newArrivals.items}
        hasFailed={newArrivals.hasFailed}
        empty={
          <p className="soft">
            Nothing new since last week. Follow a farm to hear of its next harvest first.
          </p>
        }
      />
      <Shelf
        name="price-drops"
        title="Price drops"
        picks={priceDrops.items}
        hasFailed={priceDrops.hasFailed}
        empty={
          <p className="soft">
            No price has dropped this week. Keep something on your wishlist and you hear of it first.
          </p>
        }
      />
    </>
  );
}

function pickAgain({ card, times, isDue, dueDay, lastDay }: Again[number]): ShopPick {
  const sentence = isDue
    ? `Bought ${times} times, last on ${dayInWords(lastDay)}`
    : `Due ${dayInWords(dueDay)}`;
  return { card, sentence };
}

function NothingYet() {
  return (
    <EmptyState title="Nothing to suggest yet" actions={<LinkButton href="/search">Look around</LinkButton>}>
      As soon as farms have listed their harvest, you find it here.
    </EmptyState>
  );
}

function boardItems(picks: readonly ShopPick[] | undefined, kind: "now" | "coming" | "ending") {
  const byName = new Map((picks ?? []).map((pick) => [pick.card.name, pick.card]));
  return [...byName.values()].slice(0, 5).map((card) => ({
    name: card.name,
    picture: pictureOf(card),
    href: `/products/${card.slug}`,
    when: whenOf(card.season, kind) ?? card.farm.name,
  }));
}

function whenOf(season: ShopPick["card"]["season"], kind: "now" | "coming" | "ending"): string | undefined {
  if (!season) return undefined;
  if (kind === "coming" && season.returnsOn) return `from ${dayInWords(season.returnsOn, "short-day")}`;
  if (kind !== "coming" && season.endsOn) return `until ${dayInWords(season.endsOn, "short-day")}`;
  return season.label;
}

function MarketChoice() {
  const { market, markets } = useVisit();
  if (!market) return null;
  return (
    <section id="market" className="card" aria-labelledby="market-title">
      <h2 className="card__title" id="market-title">
        Your market
      </h2>
      <p>
        {market.name}
        {market.address && `, ${market.address}`}
      </p>
      {markets.length > 1 && (
        <ActionForm action="/cart" fields={{ intent: "market" }} className="market-choice">
          {({ busy }) => (
            <>
              <label className="field">
                <span className="field__label">Shop at another market</span>
                <Select
                  name="marketId"
                  defaultValue={market.id}
                  options={markets.map(({ id, name }) => ({ value: id, label: name }))}
                />
              </label>
              <Button type="submit" tone="secondary" busy={busy}>
                Change market
              </Button>
            </>
          )}
        </ActionForm>
      )}
    </section>
  );
}
