import { ConnectionBadge, EmptyState, LinkButton, Notice, PageHead, StatTile } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { DayFind } from "../parts/day-find.tsx";
import { DaySlots } from "../parts/day-orders.tsx";
import { OutcomeNotice } from "../parts/outcome-notice.tsx";
import { PickList } from "../parts/pick-list.tsx";
import { useLivePage } from "../parts/use-polling.ts";
import { dayAction } from "../server/day-actions.ts";
import { timeAt } from "../server/dates.ts";
import { dayFilterOf, filterSlots, readDay } from "../server/farm-day.ts";
import { farmLoader } from "../server/handlers.ts";
import { runsLow } from "../server/stock.ts";

export const loader = farmLoader(async ({ api, farm, timeZone, url, person }) => {
  const [day, levels, zone] = await Promise.all([
    readDay(api, farm),
    api.farmStock.levels({ farmId: farm.id }),
    timeZone(),
  ]);
  const low = levels.filter(runsLow).map(({ productId, name }) => ({ productId, name }));
  const filter = dayFilterOf(url);
  return {
    farm,
    day,
    low,
    filter,
    slots: filterSlots(day.slots, filter),
    asOf: timeAt(new Date(), zone),
    identity: person.email ?? "",
  };
});

export const action = dayAction;

/** The market day that comes next: harvest, bring, hand over. */
export default function Today() {
  const { farm, day, low, filter, slots, asOf, identity } = useLoaderData<typeof loader>();
  const home = `/portal/farms/${farm.slug}`;
  const mode = useLivePage({
    identity,
    topics: [`farm:${farm.id}:sales`],
    fallbackMs: 15_000,
  });
  return (
    <>
      <PageHead
        title={day.day ? day.dayInWords : "Today"}
        lead={day.day ? `${day.markets.join(" and ")} · as of ${asOf}` : `As of ${asOf}`}
        actions={<ConnectionBadge state={mode} />}
      />
      <OutcomeNotice />
      {low.length > 0 && <LowStock home={home} low={low} />}
      {day.day === null ? (
        <EmptyState
          title="No orders yet"
          headingLevel={2}
          actions={
            <>
              <LinkButton href={`${home}/products`}>Look at your products</LinkButton>
              <LinkButton href={`${home}/orders`} tone="secondary">
                Earlier market days
              </LinkButton>
            </>
          }
        >
          As soon as somebody orders for the next market day, it stands here by pickup slot.
        </EmptyState>
      ) : (
        <>
          <div className="tile-grid day-tiles">
            <StatTile label="Orders" value={day.orders} />
            <StatTile label="Still to hand over" value={day.orders - day.collected} />
            <StatTile label="Lines to weigh" value={day.toWeigh} />
            <StatTile label="Worth" value={day.worth} />
          </div>
          <div className="beside day">
            <div className="stack">
              <DayFind filter={filter} found={slots.length > 0} />
              <DaySlots slots={slots} severalMarkets={day.markets.length > 1} />
            </div>
            {!filter.query && !filter.onlyOpen && (
              <div className="day__first">
                <PickList day={day} farmName={farm.name} />
              </div>
            )}
          </div>
        </>
      )}
    </>
  );
}

function LowStock({ home, low }: { home: string; low: readonly { productId: string; name: string }[] }) {
  const names = low.slice(0, 3).map(({ name }) => name);
  const more = low.length - names.length;
  return (
    <Notice
      tone="urgent"
      title={`Running low: ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`}
      actions={
        <LinkButton href={`${home}/stock?show=low`} size="small" tone="secondary">
          See the stock
        </LinkButton>
      }
    />
  );
}
