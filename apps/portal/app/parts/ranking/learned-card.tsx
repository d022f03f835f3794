import { Badge, EmptyState, LinkButton, Table } from "@almanac/ui";
import { count } from "../../server/words/numbers.ts";

export interface LearnedNight {
  readonly number: number;
  readonly verdict: "better" | "not_better" | "not_enough_data";
  readonly searches: number;
  readonly fittedAt: string;
  readonly heldOut: {
    readonly searches: number;
    readonly clicks: number;
    readonly control: number;
    readonly learned: number;
    readonly difference: number;
    readonly low: number;
    readonly high: number;
  } | null;
}

const words = {
  better: { text: "better on later searches", tone: "good" },
  not_better: { text: "not better", tone: "calm" },
  not_enough_data: { text: "not enough data", tone: "calm" },
} as const;

/** What each night has learned from clicks. None of it serves until an experiment says so. */
export function LearnedCard({ nights }: { nights: readonly LearnedNight[] }) {
  if (nights.length === 0) {
    return (
      <EmptyState headingLevel={2} title="Nothing learned yet">
        <p>
          Each night a ranking is learned from what shoppers opened and ordered, and judged beside the five
          terms on later searches. It takes about 700 searches with something opened.
        </p>
      </EmptyState>
    );
  }
  return (
    <section className="stack stack--tight">
      <Table
        caption="Learned from clicks, night by night"
        dense
        rows={nights}
        rowKey={({ number }) => String(number)}
        columns={[
          { key: "number", header: "Learned", rowHeader: true, cell: ({ number }) => number },
          {
            key: "at",
            header: "At (UTC)",
            cell: ({ fittedAt }) => <span className="nowrap">{fittedAt}</span>,
          },
          {
            key: "verdict",
            header: "Is",
            cell: ({ verdict }) => <Badge tone={words[verdict].tone}>{words[verdict].text}</Badge>,
          },
          {
            key: "searches",
            header: "From searches",
            numeric: true,
            cell: ({ searches }) => count(searches),
          },
          {
            key: "control",
            header: "Five terms",
            numeric: true,
            cell: ({ heldOut }) => clicks(heldOut?.control),
          },
          {
            key: "learned",
            header: "Learned",
            numeric: true,
            cell: ({ heldOut }) => clicks(heldOut?.learned),
          },
          {
            key: "difference",
            header: "Difference",
            numeric: true,
            cell: ({ heldOut }) => <Difference {...heldOut} />,
          },
          {
            key: "try",
            header: <span className="visually-hidden">Try</span>,
            cell: ({ number, heldOut }) =>
              heldOut && (
                <LinkButton
                  href={`/portal/admin/experiments/new?reranker=${number}`}
                  tone="quiet"
                  size="small"
                  aria-label={`Try learned ranking ${number}`}
                >
                  Try it
                </LinkButton>
              ),
          },
        ]}
      />
      <p className="small soft">
        Opened a hundred searches, as each order is expected to get from searches that it was not learned
        from; a click counts by how often its place is looked at. Shoppers see a learned order only in an
        experiment.
      </p>
    </section>
  );
}

function clicks(perSearch: number | undefined): string {
  return perSearch === undefined ? "–" : (100 * perSearch).toFixed(1);
}

function Difference(found: Partial<NonNullable<LearnedNight["heldOut"]>>) {
  const { difference, low, high, searches } = found;
  if (difference === undefined || low === undefined || high === undefined) return "–";
  const signed = (value: number): string => `${value < 0 ? "−" : "+"}${(100 * Math.abs(value)).toFixed(1)}`;
  return (
    <>
      {signed(difference)}
      <div className="small soft nowrap">
        {signed(low)} to {signed(high)}, {count(searches ?? 0)} searches
      </div>
    </>
  );
}
