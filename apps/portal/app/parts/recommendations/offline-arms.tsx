import { Badge, BarChart, Card, EmptyState, Table } from "@almanac/ui";
import { nameInWords, percent } from "../../server/words/numbers.ts";
import { Act } from "../forms/act.tsx";

/** How all arms would have done on the shop's own past; `gain` and its margin are of ndcg@k against control. */
export interface Judgement {
  readonly at: string;
  readonly k: number;
  readonly arms: readonly {
    readonly arm: string;
    readonly ndcg: number;
    readonly recall: number;
    readonly coverage: number;
    readonly newFarmShare: number;
    readonly gain: number;
    readonly gainMargin: number;
  }[];
}

/** What the night's judgement says of every arm, as plot and table, and the way to ask for one now. */
export function OfflineArms({
  offline,
  isJudging,
}: {
  offline: Judgement | null | undefined;
  isJudging: boolean;
}) {
  const judge = isJudging ? (
    <p role="status">
      <Badge>being judged</Badge>{" "}
      <span className="small soft">It takes a minute or so; the figures appear here.</span>
    </p>
  ) : (
    <Act intent="judge" label="Judge now" about="Judge now: all arms on the past" icon="sparkle" />
  );
  if (!offline)
    return (
      <EmptyState headingLevel={2} title="Not judged yet">
        <p>
          Each night all arms are judged on the shop's own past; it takes twenty shoppers with an order in the
          last two weeks.
        </p>
        {judge}
      </EmptyState>
    );
  return (
    <Card>
      <div className="stack">
        <BarChart
          headingLevel={2}
          title="On the shop's own past"
          summary={`How much better than control, in ndcg@${offline.k} with 95\u00a0% intervals. Judged ${offline.at} UTC on the last two weeks.`}
          labelHeader="Arm"
          valueHeader="Difference"
          bars={offline.arms
            .filter(({ arm }) => arm !== "control")
            .map(({ arm, gain, gainMargin }) => ({
              label: nameInWords(arm),
              value: gain,
              lower: gain - gainMargin,
              upper: gain + gainMargin,
            }))}
          format={(value) => value.toFixed(3)}
        />
        <Table
          caption="Figures of the judgement"
          dense
          rows={offline.arms}
          rowKey={({ arm }) => arm}
          columns={[
            { key: "arm", header: "Arm", rowHeader: true, cell: ({ arm }) => nameInWords(arm) },
            { key: "ndcg", header: "ndcg", numeric: true, cell: ({ ndcg }) => ndcg.toFixed(3) },
            { key: "recall", header: "Recall", numeric: true, cell: ({ recall }) => percent(recall) },
            { key: "coverage", header: "Coverage", numeric: true, cell: ({ coverage }) => percent(coverage) },
            {
              key: "fresh",
              header: "New farms",
              numeric: true,
              cell: ({ newFarmShare }) => percent(newFarmShare),
            },
          ]}
        />
        {judge}
      </div>
    </Card>
  );
}
