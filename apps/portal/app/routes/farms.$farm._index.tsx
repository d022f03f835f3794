import { ConnectionBadge, LinkButton, Notice, PageHead, StatTile } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { useKeptPage } from "../offline/use-kept-page.ts";
import { DayFind } from "../parts/market-day/day-find.tsx";
import { DaySlots } from "../parts/market-day/day-orders.tsx";
import { BringList } from "../parts/advice/bring-list.tsx";
import { LowStockCard } from "../parts/market-day/low-stock-card.tsx";
import { NotYet } from "../parts/frame/not-yet.tsx";
import { OfflineNotice } from "../parts/frame/offline-notice.tsx";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { PickList } from "../parts/market-day/pick-list.tsx";
import { TaskList } from "../parts/advice/task-list.tsx";
import { titled } from "../parts/frame/titled.ts";
import { UnusualCard } from "../parts/forecast/unusual-card.tsx";
import { useLivePage } from "../parts/frame/use-polling.ts";
import { dayActions } from "../server/market-day/day-actions.ts";
import { adviceActions, bringViews, taskViews } from "../server/advice/advice-views.ts";
import { momentAt } from "../server/words/dates.ts";
import { dayFilterOf, filterSlots, readDay } from "../server/market-day/farm-day.ts";
import { farmAction, farmLoader } from "../server/request/handlers.ts";
import { lowStockActions, lowStockViews } from "../server/market-day/low-stock.ts";
import { unusualActions, unusualViews } from "../server/forecast/unusual-days.ts";

export const loader = farmLoader(async ({ api, farm, timeZone, url, person, now, liveCursor }) => {
  const [day, low, zone, advised, unusual] = await Promise.all([
    readDay(api, farm, now),
    api.lowStock.list({ farmId: farm.id }),
    timeZone(),
    api.advice.list({ farmId: farm.id }),
    api.planning.unusual({ farmId: farm.id, weeks: unusualWeeks }),
  ]);
  const filter = dayFilterOf(url);
  return {
    farm,
    day,
    low: lowStockViews(low.alerts),
    filter,
    slots: filterSlots(day.slots, filter),
    asOf: momentAt(now, zone, now),
    version: now.toISOString(),
    identity: person.email ?? "",
    liveCursor,
    waiting: pressingProducts(advised.pending),
    tasks: taskViews(advised.answered),
    bring: bringViews(advised.plan, now),
    unusual: unusualViews(unusual, now).filter(({ isAlarm }) => isAlarm),
  };
});

export const action = farmAction({ ...dayActions, ...adviceActions, ...lowStockActions, ...unusualActions });

/** Weeks for which an unusual day waits here for an answer. */
const unusualWeeks = 2;

export const meta = titled("Today");

/** The market day that comes next: harvest, bring, hand over. */
export default function Today() {
  const view = useLoaderData<typeof loader>();
  const { farm, day, low, filter, slots, asOf, version, identity, waiting, tasks, bring, unusual } = view;
  const home = `/portal/farms/${farm.slug}`;
  const mode = useLivePage({
    identity,
    topics: [`farm:${farm.id}:sales`, `farm:${farm.id}:inventory`, `farm:${farm.id}:insights`],
    cursor: view.liveCursor,
    fallbackMs: 15_000,
  });
  useKeptPage(home, version);
  const isOffline = mode === "offline";
  return (
    <>
      <PageHead
        title={day.day ? day.dayInWords : "Today"}
        lead={day.day ? `${day.markets.join(" and ")} · as of ${asOf}` : `As of ${asOf}`}
        actions={<ConnectionBadge state={mode} />}
      />
      <OutcomeNotice />
      {isOffline && (
        <OfflineNotice asOf={asOf}>
          You can read everything here. What you want to change waits until there is signal.
        </OfflineNotice>
      )}
      <fieldset className="day-fields" disabled={isOffline} data-as-of={asOf}>
        {waiting.length > 0 && <AdviceWaits home={home} names={waiting} />}
        {unusual.length > 0 && <UnusualCard home={home} days={unusual} />}
        {tasks.length + bring.length + low.length > 0 && (
          <div className="two-up">
            {bring.map((one) => (
              <BringList key={one.title} {...one} />
            ))}
            {tasks.length > 0 && <TaskList tasks={tasks} />}
            {low.length > 0 && <LowStockCard home={home} low={low} />}
          </div>
        )}
        {day.day === null ? (
          <NotYet
            home={home}
            title="No orders yet"
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
          </NotYet>
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
                <DaySlots
                  slots={slots}
                  severalMarkets={day.markets.length > 1}
                  isFound={filter.query !== ""}
                />
              </div>
              {!filter.query && !filter.onlyOpen && (
                <div className="day__first">
                  <PickList day={day} farmName={farm.name} />
                </div>
              )}
            </div>
          </>
        )}
      </fieldset>
    </>
  );
}

/** Names of the products that something has to be decided about before there is time, the most pressing first. */
const pressingProducts = (pending: readonly { productName: string; priority: string }[]): string[] => [
  ...new Set(pending.filter(({ priority }) => priority !== "LOW").map(({ productName }) => productName)),
];

function AdviceWaits({ home, names }: { home: string; names: readonly string[] }) {
  const shown = names.slice(0, 3);
  const rest = names.length - shown.length;
  return (
    <Notice
      title={`Advice on ${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`}
      actions={
        <LinkButton href={`${home}/advice`} size="small" tone="secondary">
          Look and answer
        </LinkButton>
      }
    />
  );
}
