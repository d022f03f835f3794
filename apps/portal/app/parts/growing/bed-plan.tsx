import { Table } from "@almanac/ui";

export interface BedRow {
  readonly key: string;
  readonly label: string;
  /** Days since the first day shown. */
  readonly sow: number;
  readonly outside: number;
  readonly harvest: number;
  readonly end: number;
  /** Texts of the table: sow, set out, harvest, seeds, bed. */
  readonly words: readonly string[];
}

interface BedPlanProps {
  title: string;
  rows: readonly BedRow[];
  /** Days shown. */
  length: number;
  /** Beginnings of months, in days since the first day shown. */
  months: readonly { readonly at: number; readonly label: string }[];
}

type Span = React.CSSProperties & { "--from": string; "--to": string };

/** Sowings under each other over time: in trays, in the bed, in harvest; the same as a table below. */
export function BedPlan({ title, rows, length, months }: BedPlanProps) {
  const span = (from: number, to: number): Span => ({
    "--from": `${(100 * from) / length}%`,
    "--to": `${(100 * to) / length}%`,
  });
  return (
    <figure className="plot bed-plan">
      <h2 className="plot__title">{title}</h2>
      <div className="bed-plan__scroll" aria-hidden>
        <div className="bed-plan__area">
          <div className="bed-plan__months small soft">
            {months.map(({ at, label }) => (
              <span key={at} style={span(at, length)}>
                {label}
              </span>
            ))}
          </div>
          {rows.map(({ key, label, sow, outside, harvest, end }) => (
            <div key={key} className="bed-plan__row">
              {outside > sow && (
                <span className="bed-plan__bar bed-plan__bar--trays" style={span(sow, outside)} />
              )}
              <span className="bed-plan__bar bed-plan__bar--bed" style={span(outside, harvest)} />
              <span className="bed-plan__bar bed-plan__bar--harvest" style={span(harvest, end)} />
              <span className="bed-plan__label small" style={span(sow, length)}>
                {label}
              </span>
            </div>
          ))}
        </div>
      </div>
      <ul className="legend" aria-hidden>
        <li className="legend__item">
          <span className="bed-plan__swatch bed-plan__bar--trays" /> in trays
        </li>
        <li className="legend__item">
          <span className="bed-plan__swatch bed-plan__bar--bed" /> in the bed
        </li>
        <li className="legend__item">
          <span className="bed-plan__swatch bed-plan__bar--harvest" /> harvest
        </li>
      </ul>
      <Table
        caption={title}
        captionHidden
        dense
        rows={rows}
        rowKey={({ key }) => key}
        columns={["Sow", "Set out", "Harvest", "Seeds", "Bed"].map((header, at) => ({
          key: header,
          header,
          numeric: at > 2,
          rowHeader: at === 0,
          cell: ({ words }: BedRow) => words[at] ?? "",
        }))}
      />
    </figure>
  );
}
