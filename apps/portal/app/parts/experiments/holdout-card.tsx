import { Card, LinkButton, Notice, StatTile } from "@almanac/ui";
import { count, percent } from "../../server/words/numbers.ts";
import { IntervalPlot, type PlottedInterval } from "./interval-plot.tsx";

/** What the permanent holdout says by now, as pages write it. */
export interface HoldoutView {
  readonly id: string;
  readonly state: "draft" | "running" | "stopped";
  readonly since: string;
  readonly hasSimulated: boolean;
  readonly isMismatch: boolean;
  /** Shoppers with recommendations, and without. */
  readonly shown: number;
  readonly heldOut: number;
  readonly rows: readonly PlottedInterval[];
}

/** What recommendations are worth: all shoppers beside the 5 % who never see any. Never a figure without its interval. */
export function HoldoutCard({ holdout }: { holdout: HoldoutView }) {
  const { id, state, since, shown, heldOut, rows, isMismatch, hasSimulated } = holdout;
  const href = `/portal/admin/experiments/${id}`;
  if (state === "draft") {
    return (
      <Card title="What recommendations are worth">
        <div className="stack">
          <p>
            Nobody can say yet: that takes shoppers who see none. The holdout is ready; once it is started,
            one shopper in twenty sees no list that is personal or made by a model, for good: not on the home
            page, beside a product or in the basket. Trending, in season, new and reduced stay, as everybody
            sees them. What the others order more is what recommendations are worth.
          </p>
          <div>
            <LinkButton href={href} tone="secondary">
              Look at the holdout
            </LinkButton>
          </div>
        </div>
      </Card>
    );
  }
  return (
    <>
      <Card
        title="What recommendations are worth"
        aside={
          <LinkButton href={href} tone="quiet" size="small">
            All of it
          </LinkButton>
        }
      >
        <div className="stack">
          <p className="small soft">
            Since {since} UTC, {state === "stopped" ? "and stopped by now, " : ""}everybody beside the
            5&nbsp;% who see no list that is personal or made by a model.
          </p>
          {hasSimulated && (
            <Notice title="Simulated shoppers are among them">These figures prove the plumbing alone.</Notice>
          )}
          <div className="tile-grid">
            <StatTile label="With recommendations" value={count(shown)} change={{ text: "shoppers" }} />
            <StatTile
              label="Without"
              value={count(heldOut)}
              change={{ text: shown + heldOut === 0 ? "shoppers" : percent(heldOut / (shown + heldOut)) }}
            />
          </div>
          {isMismatch && (
            <Notice tone="urgent" title="The split is wrong: there is no result">
              More or fewer are held out than was meant; find out why before any figure is believed.
            </Notice>
          )}
        </div>
      </Card>
      {!isMismatch && (
        <IntervalPlot
          title="With recommendations against without"
          summary="What those with recommendations do more, with 95&nbsp;% intervals; the line in the middle is no difference."
          rows={rows}
        />
      )}
    </>
  );
}
