import { Badge, Card, StatTile } from "@almanac/ui";
import { Act } from "../forms/act.tsx";

export interface SalesOfDayProps {
  readonly totals: {
    readonly sales: number;
    readonly total: string;
    readonly cash: string;
    readonly card: string;
    readonly fee: string;
  };
  readonly sales: readonly {
    readonly id: string;
    readonly at: string;
    readonly what: string;
    readonly total: string;
    readonly tender: string;
    readonly isUndone: boolean;
  }[];
}

/** Latest sales that are in sight: a mistake is noticed soon. */
const inSight = 6;

/** What the day has come to, and its latest sales, each with a way to take it back. */
export function SalesOfDay({ totals, sales }: SalesOfDayProps) {
  return (
    <div className="stack">
      <div className="tile-grid day-tiles">
        <StatTile label={totals.sales === 1 ? "1 sale" : `${totals.sales} sales`} value={totals.total} />
        <StatTile label="Cash" value={totals.cash} />
        <StatTile label="Card" value={totals.card} />
        <StatTile label="Market fee" value={totals.fee} />
      </div>
      <Card title="Latest sales">
        {sales.length === 0 ? (
          <p className="soft">Nothing sold yet today.</p>
        ) : (
          <>
            <SaleList sales={sales.slice(0, inSight)} />
            {sales.length > inSight && (
              <details className="fold">
                <summary>{sales.length - inSight} earlier ones</summary>
                <SaleList sales={sales.slice(inSight)} />
              </details>
            )}
          </>
        )}
      </Card>
    </div>
  );
}

function SaleList({ sales }: Pick<SalesOfDayProps, "sales">) {
  return (
    <ul className="sales">
      {sales.map(({ id, at, what, total, tender, isUndone }) => (
        <li key={id} className={isUndone ? "sale sale--undone" : "sale"}>
          <span className="sale__at small soft numeric">{at}</span>
          <span className="sale__what">{what}</span>
          <span className="sale__total numeric">
            {total} <span className="small soft">{tender}</span>
          </span>
          {isUndone ? (
            <Badge>taken back</Badge>
          ) : (
            <Act
              intent="undo"
              subject={id}
              fields={{ sale: id }}
              label="Undo"
              about={`Undo ${what}, ${total}`}
              tone="quiet"
              icon="undo"
            />
          )}
        </li>
      ))}
    </ul>
  );
}
