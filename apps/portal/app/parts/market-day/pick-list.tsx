import { Card, IconButton } from "@almanac/ui";
import type { FarmDayView } from "../../server/market-day/farm-day.ts";

/** What to harvest and bring in all, large enough to read at arm's length, and to print. */
export function PickList({ day, farmName }: { day: FarmDayView; farmName: string }) {
  return (
    <Card
      className="pick-list"
      title="Harvest and bring"
      aside={
        <IconButton
          icon="print"
          label="Print the pick list"
          look="outlined"
          className="needs-script"
          onClick={() => window.print()}
        />
      }
    >
      <p className="print-only">
        {farmName}, {day.dayInWords}, {day.orders} orders
      </p>
      <ul className="pick-list__items">
        {day.totals.map((total) => (
          <li key={total.key} className="pick-list__item">
            <span className="tick-box print-only" aria-hidden />
            <span className="pick-list__name">
              {total.name}
              <span className="soft small"> {total.variant}</span>
            </span>
            <span className="pick-list__amount">
              {total.amount}
              {total.isWeight && <span className="soft small"> {total.pieces} ordered</span>}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
