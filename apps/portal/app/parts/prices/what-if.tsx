import { formatCents } from "@almanac/kernel";
import { Card, Table } from "@almanac/ui";

export interface WhatIfRange {
  readonly low: number;
  readonly mid: number;
  readonly high: number;
}

export interface WhatIfRow {
  readonly priceCents: number;
  readonly quantity: WhatIfRange;
  readonly takings: WhatIfRange;
  /** The same as texts: middle and interval. */
  readonly quantityWords: readonly [string, string];
  readonly takingsWords: readonly [string, string];
  readonly isBeyondAsked: boolean;
}

export interface WhatIfView {
  /** "Saturday 16 August". */
  readonly day: string;
  readonly unit: string;
  readonly nowCents: number;
  readonly suggestedCents?: number;
  readonly rows: readonly WhatIfRow[];
}

/** What the next market day would come to at some prices: quantity and takings with their bounds, and the same as a table. */
export function WhatIf({ view }: { view: WhatIfView }) {
  const { day, rows, unit } = view;
  const isKnown = rows.length > 1;
  return (
    <Card title={`What if it cost something else on ${day}?`}>
      {isKnown ? (
        <div className="stack">
          <p className="small">
            What would be asked for and taken in, if enough is brought. The bands hold 8 of 10 cases: what is
            not known of the day, and of how buyers answer. They widen away from today’s price.
          </p>
          <div className="beside beside--even">
            <PriceCurve title="Sold" view={view} of={({ quantity }) => quantity} words={quantityEnds} />
            <PriceCurve title="Taken in" view={view} of={({ takings }) => takings} words={takingsEnds} />
          </div>
        </div>
      ) : (
        <p>
          How buyers answer to another price is not known yet: it takes twenty market days and two prices that
          held for four of them each, of this product and two others. At today’s price it is this.
        </p>
      )}
      <details className="plot__table" open={!isKnown}>
        <summary>As a table</summary>
        <Table
          caption={`Sales and takings on ${day} by price, per ${unit}`}
          captionHidden
          dense
          rows={rows}
          rowKey={({ priceCents }) => String(priceCents)}
          columns={[
            {
              key: "price",
              header: "Price",
              rowHeader: true,
              cell: ({ priceCents, isBeyondAsked }) => (
                <>
                  {formatCents(priceCents)}
                  {priceCents === view.nowCents && <span className="small soft"> now</span>}
                  {isBeyondAsked && <span className="small soft"> never asked</span>}
                </>
              ),
            },
            { key: "sold", header: "Sold", numeric: true, cell: ({ quantityWords }) => quantityWords[0] },
            {
              key: "soldRange",
              header: "8 of 10 times",
              numeric: true,
              cell: ({ quantityWords }) => quantityWords[1],
            },
            { key: "taken", header: "Taken in", numeric: true, cell: ({ takingsWords }) => takingsWords[0] },
            {
              key: "takenRange",
              header: "8 of 10 times",
              numeric: true,
              cell: ({ takingsWords }) => takingsWords[1],
            },
          ]}
        />
      </details>
      {isKnown && rows.some(({ isBeyondAsked }) => isBeyondAsked) && (
        <p className="small soft">
          Prices that were never asked in two years go by what buyers did at those that were.
        </p>
      )}
    </Card>
  );
}

const quantityEnds = ({ quantityWords }: WhatIfRow): string => quantityWords[0];
const takingsEnds = ({ takingsWords }: WhatIfRow): string => takingsWords[0];

interface PriceCurveProps {
  title: string;
  view: WhatIfView;
  of: (row: WhatIfRow) => WhatIfRange;
  words: (row: WhatIfRow) => string;
}

const width = 100;
const height = 46;

/** One figure by price, with its bounds; both ends are told below it. */
function PriceCurve({ title, view: { rows, nowCents, suggestedCents }, of, words }: PriceCurveProps) {
  const [first, last] = [rows[0]!, rows.at(-1)!];
  const top = Math.max(1e-9, ...rows.map((row) => of(row).high));
  const x = (cents: number): number =>
    (width * (cents - first.priceCents)) / Math.max(1, last.priceCents - first.priceCents);
  const line = (end: keyof WhatIfRange): string[] =>
    rows.map((row) => `${round(x(row.priceCents))} ${round(height - (height * of(row)[end]) / top)}`);
  const now = rows.find(({ priceCents }) => priceCents === nowCents);
  const marks = [
    { cents: nowCents, look: "now" },
    ...(suggestedCents === undefined ? [] : [{ cents: suggestedCents, look: "suggested" }]),
  ].filter(({ cents }) => cents >= first.priceCents && cents <= last.priceCents);
  return (
    <figure className="plot demand-curve">
      <h3 className="plot__title">{title}</h3>
      <div className="demand-curve__area" aria-hidden>
        <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" focusable="false">
          <path
            className="demand-curve__band"
            d={`M${line("high").join("L")}L${line("low").reverse().join("L")}Z`}
          />
          <path className="demand-curve__line" d={`M${line("mid").join("L")}`} />
          {marks.map(({ cents, look }) => (
            <line
              key={look}
              className={`demand-curve__at demand-curve__at--${look}`}
              x1={x(cents)}
              x2={x(cents)}
              y1="0"
              y2={height}
            />
          ))}
        </svg>
      </div>
      <div className="price-band__ends numeric small soft" aria-hidden>
        <span>
          {formatCents(first.priceCents)}: {words(first)}
        </span>
        {now && (
          <span>
            now {formatCents(nowCents)}: {words(now)}
          </span>
        )}
        <span>
          {formatCents(last.priceCents)}: {words(last)}
        </span>
      </div>
    </figure>
  );
}

const round = (value: number): number => Math.round(value * 100) / 100;
