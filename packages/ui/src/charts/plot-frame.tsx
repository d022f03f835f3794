import type { CSSProperties, ReactNode } from "react";
import { classNames } from "../components/class-names.ts";
import { Table } from "../components/table.tsx";
import { shareOn } from "./scale.ts";
import type { NiceScale, PlotPoint } from "./scale.ts";

/** Colour of a series: green, warm, blue, grey. */
export type SeriesColour = 1 | 2 | 3 | 4;

export interface LegendItem {
  label: string;
  colour: SeriesColour;
  shape?: "line" | "box" | "ring" | "dot";
}

/** The numbers behind a plot, as text. */
export interface PlotTable {
  columns: readonly string[];
  rows: readonly (readonly string[])[];
}

export interface PlotText {
  title: ReactNode;
  /** What the plot says, in a sentence. It stands before the plot. */
  summary?: ReactNode;
  headingLevel?: 2 | 3 | 4;
  /** The same numbers stand in a table of the page's, so that none is folded in. */
  hasOwnTable?: boolean;
}

interface PlotShellProps extends PlotText {
  legend?: readonly LegendItem[];
  table: PlotTable;
  children: ReactNode;
}

/** Heading, sentence, plot, legend, and the same numbers as a table. */
export function PlotShell({
  title,
  summary,
  headingLevel = 3,
  legend = [],
  hasOwnTable = false,
  table,
  children,
}: PlotShellProps) {
  const Heading = `h${headingLevel}` as const;
  return (
    <figure className="plot">
      <Heading className="plot__title">{title}</Heading>
      {summary && <p className="plot__summary">{summary}</p>}
      {children}
      {legend.length > 0 && (
        <ul className="legend">
          {legend.map(({ label, colour, shape = "line" }) => (
            <li key={label} className="legend__item">
              <span
                aria-hidden
                className={classNames("legend__swatch", `legend__swatch--${shape}`, `series-${colour}`)}
              />
              {label}
            </li>
          ))}
        </ul>
      )}
      {!hasOwnTable && (
        <details className="plot__table">
          <summary>As a table</summary>
          <Table
            caption={typeof title === "string" ? title : "Numbers of the plot"}
            captionHidden
            dense
            tall
            columns={table.columns.map((header, index) => ({
              key: String(index),
              header,
              numeric: index > 0,
              rowHeader: index === 0,
              cell: (row: readonly string[]) => row[index] ?? "",
            }))}
            rows={table.rows}
            rowKey={(_, index) => String(index)}
          />
        </details>
      )}
    </figure>
  );
}

export interface PlotMark extends PlotPoint {
  /** Said when one rests on it. */
  title: string;
  colour?: SeriesColour;
  open?: boolean;
}

interface PlotFrameProps {
  scale: NiceScale;
  format: (value: number) => string;
  xLabels: readonly string[];
  marks?: readonly PlotMark[];
  /** Lines and bands on a viewBox of 100 by 100. */
  children: ReactNode;
}

type At = CSSProperties & { "--at"?: number; "--x"?: number; "--y"?: number };

/** Axes and grid. Hidden from screen readers, which have the sentence and the table. */
export function PlotFrame({ scale, format, xLabels, marks = [], children }: PlotFrameProps) {
  const shownLabels = labelsToShow(xLabels.length);
  return (
    <div className="plot__frame" aria-hidden>
      <div className="plot__y">
        {scale.ticks.map((tick) => {
          const style: At = { "--at": shareOn(scale, tick) };
          return (
            <span key={tick} className="plot__y-label" style={style}>
              {format(tick)}
            </span>
          );
        })}
      </div>
      <div className="plot__area">
        <svg className="plot__svg" viewBox="0 0 100 100" preserveAspectRatio="none" focusable="false">
          {scale.ticks.map((tick) => {
            const y = (1 - shareOn(scale, tick)) * 100;
            return (
              <line
                key={tick}
                className={classNames("plot__grid", tick === 0 && "plot__grid--zero")}
                x1="0"
                x2="100"
                y1={y}
                y2={y}
              />
            );
          })}
          {children}
        </svg>
        {marks.map((mark) => {
          const style: At = { "--x": mark.x, "--y": mark.y };
          return (
            <span
              key={`${mark.x}-${mark.y}-${mark.title}`}
              className={classNames(
                "plot__mark",
                mark.open && "plot__mark--open",
                `series-${mark.colour ?? 1}`,
              )}
              style={style}
              title={mark.title}
            />
          );
        })}
      </div>
      <div className="plot__x">
        {shownLabels.map((index) => {
          const style: At = { "--x": (index / Math.max(1, xLabels.length - 1)) * 100 };
          return (
            <span key={index} className="plot__x-label" style={style}>
              {xLabels[index]}
            </span>
          );
        })}
      </div>
    </div>
  );
}

/** At most four labels, the first and the last among them: more would touch on a phone. */
function labelsToShow(count: number): number[] {
  if (count <= 4) return Array.from({ length: count }, (_, index) => index);
  return [0, 1, 2, 3].map((k) => Math.round((k * (count - 1)) / 3));
}
