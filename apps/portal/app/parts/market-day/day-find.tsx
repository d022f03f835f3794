import { Button, Chips, Input } from "@almanac/ui";
import { Form } from "@remix-run/react";
import type { DayFilter } from "../../server/market-day/farm-day.ts";

export interface DayFindProps {
  filter: DayFilter;
  /** Kept in the address; without it, the next market day. */
  day?: string;
  found: boolean;
}

/** Finds the order of whoever stands there, by number or name. */
export function DayFind({ filter: { query, onlyOpen }, day, found }: DayFindProps) {
  const kept = { ...(day && { day }), ...(query && { q: query }) };
  const toggled = new URLSearchParams({ ...kept, ...(!onlyOpen && { show: "open" }) }).toString();
  const cleared = new URLSearchParams({ ...(day && { day }) }).toString();
  return (
    <div className="stack stack--tight">
      <div className="cluster">
        <Form method="get" className="filter" role="search" preventScrollReset>
          {day && <input type="hidden" name="day" value={day} />}
          {onlyOpen && <input type="hidden" name="show" value="open" />}
          <Input
            name="q"
            type="search"
            aria-label="Find an order by number or name"
            placeholder="Order or name"
            autoComplete="off"
            defaultValue={query}
            key={query}
          />
          <Button type="submit" tone="secondary">
            Find
          </Button>
        </Form>
        <Chips label="Orders" chips={[{ href: `?${toggled}`, label: "Still to hand over", on: onlyOpen }]} />
      </div>
      {!found && (
        <p>
          {query ? `No order here matches "${query}".` : "Everything is handed over."}{" "}
          <a href={`?${cleared}`}>Show all orders</a>
        </p>
      )}
    </div>
  );
}
