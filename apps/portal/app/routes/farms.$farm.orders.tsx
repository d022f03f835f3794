import { Button, Chips, EmptyState, InputField, PageHead } from "@almanac/ui";
import { Form, useLoaderData } from "@remix-run/react";
import { DayFind } from "../parts/market-day/day-find.tsx";
import { DaySlots } from "../parts/market-day/day-orders.tsx";
import { NotYet } from "../parts/frame/not-yet.tsx";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { PickList } from "../parts/market-day/pick-list.tsx";
import { titled } from "../parts/frame/titled.ts";
import { dayAction } from "../server/market-day/day-actions.ts";
import { dayFilterOf, filterSlots, readDay } from "../server/market-day/farm-day.ts";
import { farmLoader } from "../server/request/handlers.ts";

export const loader = farmLoader(async ({ api, farm, url, now }) => {
  const asked = url.searchParams.get("day") ?? "";
  const day = await readDay(api, farm, now, /^\d{4}-\d{2}-\d{2}$/.test(asked) ? asked : undefined);
  const filter = dayFilterOf(url);
  return { farm, asked, day, filter, slots: filterSlots(day.slots, filter) };
});

export const action = dayAction;

export const meta = titled("Orders");

/** The orders of any market day, past ones too. */
export default function Orders() {
  const { farm, asked, day, filter, slots } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        title="Orders"
        lead={
          day.orders > 0
            ? `${day.dayInWords}: ${day.orders} ${day.orders === 1 ? "order" : "orders"} worth ${day.worth}, ${day.collected} collected.`
            : day.dayInWords
        }
      />
      <OutcomeNotice />
      <div className="cluster cluster--apart">
        {day.days.length > 0 && (
          <Chips
            label="Market days with orders"
            chips={day.days.map(({ value, label }) => ({
              href: `?day=${value}`,
              label,
              on: value === day.day,
            }))}
          />
        )}
        <Form className="day-picker" method="get">
          <InputField
            label="Another day"
            type="date"
            name="day"
            defaultValue={asked || (day.day ?? "")}
            key={day.day}
          />
          <Button type="submit" tone="secondary">
            Show
          </Button>
        </Form>
      </div>
      {day.orders === 0 ? (
        <NoOrders home={`/portal/farms/${farm.slug}`} isNew={day.days.length === 0 && !asked} />
      ) : (
        <div className="beside day">
          <div className="stack">
            <DayFind filter={filter} day={asked || undefined} found={slots.length > 0} />
            <DaySlots slots={slots} severalMarkets={day.markets.length > 1} isFound={filter.query !== ""} />
          </div>
          {!filter.query && !filter.onlyOpen && (
            <div className="day__first">
              <PickList day={day} farmName={farm.name} />
            </div>
          )}
        </div>
      )}
    </>
  );
}

function NoOrders({ home, isNew }: { home: string; isNew: boolean }) {
  if (isNew)
    return (
      <NotYet home={home} title="No orders yet">
        As soon as somebody orders, the market day stands here. For an earlier one, choose its date.
      </NotYet>
    );
  return (
    <EmptyState title="No orders for this day" headingLevel={2}>
      Market days with orders stand above. For an earlier one, choose its date.
    </EmptyState>
  );
}
