import { Card, StatTile } from "@almanac/ui";
import { IntervalPlot } from "./interval-plot.tsx";

export interface Interleaving {
  readonly winsA: number;
  readonly winsB: number;
  readonly ties: number;
  readonly preference: { readonly value: number; readonly low: number; readonly high: number } | null;
  readonly signTestP: number;
}

/** Two rankings in one list: whose places shoppers opened more of. */
export function InterleavingCard({
  found: { winsA, winsB, ties, preference, signTestP },
  exposed,
  control,
  arm,
}: {
  found: Interleaving;
  /** Shoppers who saw both in one list, whether or not they opened something. */
  exposed: number;
  control: string;
  arm: string;
}) {
  const shoppers = winsA + winsB + ties;
  const written = (count: number): string => count.toLocaleString("en");
  return (
    <>
      <div className="tile-grid">
        <StatTile label="Shoppers who saw both" value={written(exposed)} change={{ text: "in one list" }} />
        <StatTile label={`Opened more of: ${arm}`} value={written(winsB)} />
        <StatTile label={`Opened more of: ${control}`} value={written(winsA)} />
        <StatTile
          label="As many of both"
          value={written(ties)}
          change={{ text: `of ${written(shoppers)} who opened something` }}
        />
        <StatTile
          label="Sign test"
          value={`p ${signTestP < 0.0001 ? "< .0001" : signTestP.toFixed(4)}`}
          change={{ text: "for one look at the end" }}
        />
      </div>
      {preference ? (
        <IntervalPlot
          title={`${arm} in one list with ${control}`}
          summary="How many more than half prefer it, with the 95&nbsp;% interval; the line in the middle is no preference."
          rows={[
            {
              label: "Shoppers who prefer it, above one half",
              detail: `${written(winsA)} and ${written(winsB)} shoppers, ${written(ties)} tied`,
              ...preference,
              tone: preference.low > 0 ? "better" : preference.high < 0 ? "worse" : "open",
            },
          ]}
        />
      ) : (
        <Card title="Not enough shoppers yet">
          <p>It takes fifty who opened something: {written(shoppers)} did.</p>
        </Card>
      )}
    </>
  );
}
