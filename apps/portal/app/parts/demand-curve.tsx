import { formatCents } from "@almanac/kernel";
import { Table } from "@almanac/ui";

export interface DemandPoint {
  readonly priceCents: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Price, amount, bounds and takings as texts. */
  readonly words: readonly string[];
}

interface DemandCurveProps {
  title: string;
  summary: string;
  points: readonly DemandPoint[];
  nowCents: number;
  suggestedCents?: number;
}

const width = 100;
const height = 46;

/** How much is bought at each price, with its bounds; the same as a table below. */
export function DemandCurve({ title, summary, points, nowCents, suggestedCents }: DemandCurveProps) {
  const from = points[0]!.priceCents;
  const to = points.at(-1)!.priceCents;
  const top = Math.max(1e-9, ...points.map(({ high }) => high));
  const x = (cents: number): number => (width * (cents - from)) / Math.max(1, to - from);
  const y = (value: number): number => height - (height * value) / top;
  const line = (of: (point: DemandPoint) => number): string[] =>
    points.map((point) => `${round(x(point.priceCents))} ${round(y(of(point)))}`);
  const marks = [
    { cents: nowCents, look: "now", label: "now" },
    ...(suggestedCents === undefined
      ? []
      : [{ cents: suggestedCents, look: "suggested", label: "suggested" }]),
  ].filter(({ cents }) => cents >= from && cents <= to);
  return (
    <figure className="plot demand-curve">
      <h2 className="plot__title">{title}</h2>
      <p className="plot__summary">{summary}</p>
      <div className="demand-curve__area" aria-hidden>
        <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" focusable="false">
          <path
            className="demand-curve__band"
            d={`M${line(({ high }) => high).join("L")}L${line(({ low }) => low)
              .reverse()
              .join("L")}Z`}
          />
          <path className="demand-curve__line" d={`M${line(({ value }) => value).join("L")}`} />
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
        <span>{formatCents(from)}</span>
        <span>{marks.map(({ cents, label }) => `${label} ${formatCents(cents)}`).join(", ")}</span>
        <span>{formatCents(to)}</span>
      </div>
      <details className="plot__table">
        <summary>As a table</summary>
        <Table
          caption={title}
          captionHidden
          dense
          tall
          rows={points}
          rowKey={({ priceCents }) => String(priceCents)}
          columns={["Price", "Bought a market day", "8 of 10 times", "Takings"].map((header, at) => ({
            key: header,
            header,
            numeric: true,
            rowHeader: at === 0,
            cell: ({ words }: DemandPoint) => words[at] ?? "",
          }))}
        />
      </details>
    </figure>
  );
}

const round = (value: number): number => Math.round(value * 100) / 100;
