import { Table } from "@almanac/ui";
import { percent } from "../../server/words/numbers.ts";

export interface CalibrationBin {
  readonly told: number;
  readonly came: number;
  readonly rows: number;
}

const size = 320;
const margin = 34;

/** What was told against what came, in ten bins: on the line where both agree. The larger a point, the more rows it has. */
export function CalibrationPlot({
  bins,
  summary,
}: {
  bins: readonly CalibrationBin[];
  /** Of whom, and what came: "Of shoppers who were told the same chance, the share that stayed away." */
  summary: string;
}) {
  const top = Math.min(1, Math.max(0.2, ...bins.flatMap(({ told, came }) => [told, came])) * 1.1);
  const most = Math.max(1, ...bins.map(({ rows }) => rows));
  const x = (value: number): number => margin + (value / top) * (size - margin - 14);
  const y = (value: number): number => size - margin - (value / top) * (size - margin - 14);
  const ticks = [0, 0.25, 0.5, 0.75, 1].filter((tick) => tick <= top);
  return (
    <figure className="plot calibration-plot">
      <h2 className="plot__title">Does it come as it is told?</h2>
      <p className="plot__summary">{summary} Points on the line are right.</p>
      <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label="The numbers are in the table below.">
        {ticks.map((tick) => (
          <g key={tick}>
            <line className="calibration-plot__grid" x1={x(0)} x2={x(top)} y1={y(tick)} y2={y(tick)} />
            <text className="calibration-plot__text" x={x(0) - 5} y={y(tick) + 4} textAnchor="end">
              {Math.round(100 * tick)}
            </text>
            <text className="calibration-plot__text" x={x(tick)} y={size - margin + 16} textAnchor="middle">
              {Math.round(100 * tick)}
            </text>
          </g>
        ))}
        <line className="calibration-plot__right" x1={x(0)} y1={y(0)} x2={x(top)} y2={y(top)} />
        <text className="calibration-plot__text" x={x(top)} y={size - 4} textAnchor="end">
          told, %
        </text>
        {bins.map(({ told, came, rows }) => (
          <circle
            key={told}
            className="calibration-plot__point"
            cx={x(told)}
            cy={y(came)}
            r={4 + 9 * Math.sqrt(rows / most)}
          />
        ))}
      </svg>
      <details className="plot__table">
        <summary>As a table</summary>
        <Table
          caption="What was told and what came"
          captionHidden
          dense
          rows={bins}
          rowKey={({ told }) => String(told)}
          columns={[
            {
              key: "told",
              header: "Told",
              numeric: true,
              rowHeader: true,
              cell: ({ told }) => percent(told),
            },
            { key: "came", header: "Came", numeric: true, cell: ({ came }) => percent(came) },
            { key: "rows", header: "Cases", numeric: true, cell: ({ rows }) => rows.toLocaleString("en-GB") },
          ]}
        />
      </details>
    </figure>
  );
}
