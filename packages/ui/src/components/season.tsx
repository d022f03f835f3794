import type { CSSProperties, ReactNode } from "react";
import { Anchor } from "./anchor.tsx";
import { classNames } from "./class-names.ts";
import { Food } from "./picture.tsx";
import type { PictureName } from "../pictures/picture-tints.ts";
import { monthNames, seasonSentence } from "./season-sentence.ts";
import type { SeasonYear } from "./season-sentence.ts";

export interface SeasonStripProps {
  /** Twelve levels, January first. */
  year: SeasonYear;
  /** 1 to 12. */
  month: number;
  /** How far into the month, in [0, 1); 0.5 when not known. */
  monthShare?: number;
  /** `card` is a thin strip, `full` has letters and the word "now". */
  size?: "card" | "full";
  className?: string;
}

type TodayStyle = CSSProperties & { "--today": number };

/** Twelve months with today on them. A screen reader hears the same as a sentence. */
export function SeasonStrip({ year, month, monthShare = 0.5, size = "card", className }: SeasonStripProps) {
  const style: TodayStyle = { "--today": (month - 1 + monthShare) / 12 };
  return (
    <div
      className={classNames("season-strip", size === "full" && "season-strip--full", className)}
      role="img"
      aria-label={`${seasonSentence(year)} It is ${monthNames[month - 1] ?? ""} now.`}
      style={style}
    >
      {monthNames.map((name, index) => (
        <span
          key={name}
          className={classNames(
            "season-strip__month",
            year[index] && year[index] !== "none" && `season-strip__month--${year[index]}`,
            index === 11 && "season-strip__month--last",
          )}
        />
      ))}
      {size === "full" &&
        monthNames.map((name, index) => (
          <span
            key={name}
            className={classNames("season-strip__letter", index === month - 1 && "season-strip__letter--now")}
          >
            {name.charAt(0)}
          </span>
        ))}
      <span className="season-strip__today" />
      {size === "full" && <span className="season-strip__now">now</span>}
    </div>
  );
}

/** The full strip with its sentence below. */
export function SeasonFigure(props: Omit<SeasonStripProps, "size">) {
  return (
    <div className="season-figure">
      <SeasonStrip {...props} size="full" />
      <p className="season-figure__text">{seasonSentence(props.year)}</p>
    </div>
  );
}

export interface HarvestRow {
  name: string;
  href?: string;
  picture?: PictureName;
  year: SeasonYear;
}

export interface HarvestCalendarProps {
  caption: ReactNode;
  rows: readonly HarvestRow[];
  /** 1 to 12. */
  month: number;
}

const levelWords = { none: "not in season", some: "in season", peak: "at its best" } as const;

/** Several products' years under each other, as a table. */
export function HarvestCalendar({ caption, rows, month }: HarvestCalendarProps) {
  return (
    <div className="stack stack--tight">
      <div className="harvest" role="region" aria-label="Harvest calendar" tabIndex={0}>
        <table className="harvest__table">
          <caption className="harvest__caption">{caption}</caption>
          <colgroup>
            <col />
          </colgroup>
          <thead>
            <tr>
              <td />
              {monthNames.map((name, index) => (
                <th
                  key={name}
                  scope="col"
                  className={classNames("harvest__month", index === month - 1 && "harvest__month--now")}
                >
                  <abbr title={name} style={{ textDecoration: "none" }}>
                    <span>{name.charAt(0)}</span>
                  </abbr>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.name}>
                <th scope="row" className="harvest__name">
                  <span className="harvest__name-inner">
                    {row.picture && <Food name={row.picture} size={24} />}
                    {row.href ? <Anchor href={row.href}>{row.name}</Anchor> : row.name}
                  </span>
                </th>
                {monthNames.map((name, index) => (
                  <HarvestCell key={name} level={row.year[index] ?? "none"} now={index === month - 1} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <HarvestLegend />
    </div>
  );
}

function HarvestCell({ level, now }: { level: keyof typeof levelWords; now: boolean }) {
  return (
    <td
      className={classNames(
        "harvest__cell",
        level !== "none" && `harvest__cell--${level}`,
        now && "harvest__cell--now",
      )}
    >
      <span className="visually-hidden">{levelWords[level]}</span>
    </td>
  );
}

function HarvestLegend() {
  return (
    <ul className="legend" aria-hidden>
      <li className="legend__item">
        <span className="legend__swatch legend__swatch--peak" /> at its best
      </li>
      <li className="legend__item">
        <span className="legend__swatch legend__swatch--some" /> in season
      </li>
    </ul>
  );
}

export interface SeasonBoardItem {
  name: string;
  picture: PictureName;
  href?: string;
  /** "until mid October", "3 farms". */
  when?: string;
}

export interface SeasonBoardColumn {
  kind: "now" | "coming" | "ending";
  title: string;
  items: readonly SeasonBoardItem[];
  empty?: string;
}

/** What is good this week, what is coming, what is ending. */
export function SeasonBoard({ columns }: { columns: readonly SeasonBoardColumn[] }) {
  return (
    <div className="season-board">
      {columns.map((column) => (
        <section key={column.kind} className={`season-board__column season-board__column--${column.kind}`}>
          <h3 className="season-board__title">{column.title}</h3>
          {column.items.length === 0 && column.empty && <p className="soft">{column.empty}</p>}
          <ul className="season-board__items">
            {column.items.map((item) => (
              <li key={item.name}>
                <SeasonBoardLine item={item} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function SeasonBoardLine({ item }: { item: SeasonBoardItem }) {
  const inside = (
    <>
      <Food name={item.picture} />
      <span className="season-board__name">{item.name}</span>
      {item.when && <span className="season-board__when">{item.when}</span>}
    </>
  );
  return item.href ? (
    <Anchor className="season-board__item" href={item.href}>
      {inside}
    </Anchor>
  ) : (
    <span className="season-board__item">{inside}</span>
  );
}
