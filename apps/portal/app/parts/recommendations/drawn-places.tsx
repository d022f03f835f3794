import { BarChart, Card, EmptyState, Table } from "@almanac/ui";
import { count, percent } from "../../server/words/numbers.ts";
import { ShareCell, truthColumns, type Share } from "./share-cell.tsx";

/** What the places left to chance got, or would have got. */
export interface DrawnWay {
  readonly drawn: string;
  readonly label: string;
  readonly impressions: number;
  readonly clicked: Share & { readonly effectivePlaces: number };
  readonly truth: number | undefined;
}

/** Fewer tell next to nothing of another way to draw. */
const fewPlaces = 30;

/** What the place that is kept for new farms would have got, had it been drawn in other ways: from the chances that were kept. */
export function DrawnPlaces({ drawn }: { drawn: readonly DrawnWay[] }) {
  if (drawn.length === 0)
    return (
      <EmptyState headingLevel={2} title="Nothing left to chance yet">
        <p>
          The place kept for new farms is drawn, with a chance that is kept: from it one can tell what another
          way to draw would have got.
        </p>
      </EmptyState>
    );
  const told = drawn.filter(({ clicked }) => clicked.effectivePlaces >= fewPlaces);
  return (
    <Card>
      <div className="stack">
        <BarChart
          headingLevel={2}
          title="The place left to chance"
          hasOwnTable
          summary={
            "How often it would have been looked at, had it been drawn in another way: weighted by the chance that each had, with 95\u00a0% intervals."
          }
          labelHeader="Drawn"
          valueHeader="Looked at"
          bars={told.map(({ label, clicked }) => ({
            label,
            value: clicked.share,
            lower: clicked.lower,
            upper: clicked.upper,
          }))}
          format={percent}
        />
        <Table
          caption="Figures by the way to draw"
          folds
          dense
          rows={drawn}
          rowKey={({ drawn: key }) => key}
          columns={[
            { key: "label", header: "Drawn", rowHeader: true, cell: ({ label }) => label },
            { key: "places", header: "Places", numeric: true, cell: ({ impressions }) => count(impressions) },
            {
              key: "worth",
              header: "Worth as many",
              numeric: true,
              cell: ({ clicked }) => count(clicked.effectivePlaces),
            },
            {
              key: "share",
              header: "Looked at",
              numeric: true,
              cell: ({ clicked }) =>
                clicked.effectivePlaces < fewPlaces ? "too few to tell" : <ShareCell {...clicked} />,
            },
            ...truthColumns(drawn),
          ]}
        />
      </div>
    </Card>
  );
}
