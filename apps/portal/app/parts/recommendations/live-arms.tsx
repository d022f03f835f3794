import { BarChart, Card, EmptyState, Table } from "@almanac/ui";
import { count, nameInWords, percent } from "../../server/words/numbers.ts";
import { ShareCell, truthColumns, type Share } from "./share-cell.tsx";

export interface LiveArm {
  readonly arm: string;
  readonly slates: number;
  readonly impressions: number;
  readonly clicked: Share;
  readonly carted: Share;
  /** What the generator of the demo knows of `clicked`. */
  readonly truth: number | undefined;
}

/** What shoppers did with the lists that they saw, by the arm that made them. */
export function LiveArms({ live }: { live: readonly LiveArm[] }) {
  if (live.length === 0)
    return (
      <EmptyState headingLevel={2} title="Nothing shown yet">
        <p>
          Lists are counted when they are shown to a shopper who agreed to it; a look or a cart within the
          hour counts for them.
        </p>
      </EmptyState>
    );
  return (
    <Card>
      <div className="stack">
        <BarChart
          headingLevel={2}
          title="Live, by arm"
          hasOwnTable
          summary={
            "Of the places shown, how many were looked at within the hour, with 95\u00a0% intervals that go by shoppers, as the places of one are alike."
          }
          labelHeader="Arm"
          valueHeader="Looked at"
          bars={live.map(({ arm, clicked }) => ({
            label: nameInWords(arm),
            value: clicked.share,
            lower: clicked.lower,
            upper: clicked.upper,
          }))}
          format={percent}
        />
        <Table
          caption="Figures by arm"
          folds
          dense
          rows={live}
          rowKey={({ arm }) => arm}
          columns={[
            { key: "arm", header: "Arm", rowHeader: true, cell: ({ arm }) => nameInWords(arm) },
            { key: "slates", header: "Lists", numeric: true, cell: ({ slates }) => count(slates) },
            { key: "places", header: "Places", numeric: true, cell: ({ impressions }) => count(impressions) },
            {
              key: "ctr",
              header: "Looked at",
              numeric: true,
              cell: ({ clicked }) => <ShareCell {...clicked} />,
            },
            ...truthColumns(live),
            {
              key: "cart",
              header: "Into the cart",
              numeric: true,
              cell: ({ carted }) => <ShareCell {...carted} />,
            },
          ]}
        />
      </div>
    </Card>
  );
}
