import { Table } from "@almanac/ui";
import { lift } from "./experiment-words.ts";

export interface PlottedInterval {
  readonly label: string;
  readonly detail: string;
  /** Relative differences; `null` where nothing can be said yet. */
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly tone: "better" | "worse" | "open";
}

const width = 600;
const rowHeight = 40;
const top = 26;

/** Differences with what they may be, one above the other around zero, and the same numbers as a table. */
export function IntervalPlot({ title, rows }: { title: string; rows: readonly PlottedInterval[] }) {
  const known = rows.filter((row) => row.low !== null && row.high !== null);
  const reach = Math.min(
    2,
    Math.max(0.1, ...known.flatMap(({ low, high }) => [Math.abs(low ?? 0), Math.abs(high ?? 0)])),
  );
  const x = (value: number): number =>
    width / 2 + (Math.max(-reach, Math.min(reach, value)) / reach) * (width / 2 - 34);
  const height = top + rows.length * rowHeight + 6;
  return (
    <figure className="plot interval-plot">
      <h2 className="plot__title">{title}</h2>
      <p className="plot__summary">
        Against control, with 95 % intervals. The line in the middle is no difference.
      </p>
      <div className="interval-plot__rows">
        <svg
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          aria-label={`${title}: the numbers are in the table below.`}
        >
          {[-reach, -reach / 2, 0, reach / 2, reach].map((tick) => (
            <g key={tick}>
              <line
                className={tick === 0 ? "interval-plot__zero" : "interval-plot__tick"}
                x1={x(tick)}
                x2={x(tick)}
                y1={top - 6}
                y2={height}
              />
              <text className="interval-plot__text" x={x(tick)} y={12} textAnchor="middle">
                {lift(tick)}
              </text>
            </g>
          ))}
          {rows.map(({ label, value, low, high, tone }, at) => {
            const y = top + at * rowHeight + rowHeight - 10;
            const name = (
              <text className="interval-plot__text" x={0} y={y - 14}>
                {label}
              </text>
            );
            if (value === null || low === null || high === null) return <g key={label}>{name}</g>;
            return (
              <g key={label} className={`interval-plot__mark interval-plot__mark--${tone}`}>
                {name}
                <line x1={x(low)} x2={x(high)} y1={y} y2={y} />
                <circle cx={x(value)} cy={y} r={5} />
              </g>
            );
          })}
        </svg>
      </div>
      <details className="plot__table" open>
        <summary>As a table</summary>
        <Table
          caption={title}
          captionHidden
          dense
          rows={rows}
          rowKey={({ label }) => label}
          columns={[
            { key: "label", header: "Metric", rowHeader: true, cell: (row) => row.label },
            { key: "value", header: "Difference", numeric: true, cell: ({ value }) => written(value) },
            {
              key: "interval",
              header: "May be",
              numeric: true,
              cell: ({ low, high }) =>
                low === null || high === null ? "too early" : `${lift(low)} to ${lift(high)}`,
            },
            { key: "detail", header: "Control and arm", cell: (row) => row.detail },
          ]}
        />
      </details>
    </figure>
  );
}

function written(value: number | null): string {
  return value === null ? "–" : lift(value);
}
