import { Table } from "@almanac/ui";

export interface DemandWeek {
  readonly label: string;
  readonly wanted: number;
  readonly supplied: number;
  readonly isGap: boolean;
  readonly words: readonly string[];
}

type Bar = React.CSSProperties & { "--height": string; "--mark": string };

/** What is wanted in each week as a mark, what is grown as a bar; weeks with a gap are warm. */
export function DemandWeeks({ title, weeks }: { title: string; weeks: readonly DemandWeek[] }) {
  const top = Math.max(
    1e-9,
    ...weeks.flatMap(({ wanted, supplied }) => [wanted, Math.min(supplied, 2 * wanted)]),
  );
  return (
    <figure className="plot demand-weeks">
      <h2 className="plot__title">{title}</h2>
      <div className="demand-weeks__bars" aria-hidden>
        {weeks.map(({ label, wanted, supplied, isGap }) => {
          const style: Bar = {
            "--height": `${Math.min(100, (100 * supplied) / top)}%`,
            "--mark": `${(100 * wanted) / top}%`,
          };
          return (
            <span
              key={label}
              className={`demand-weeks__week${isGap ? " demand-weeks__week--gap" : ""}`}
              style={style}
              title={label}
            />
          );
        })}
      </div>
      <div className="price-band__ends small soft" aria-hidden>
        <span>{weeks[0]?.label}</span>
        <span>bar: grown, line: wanted</span>
        <span>{weeks.at(-1)?.label}</span>
      </div>
      <details className="plot__table">
        <summary>As a table</summary>
        <Table
          caption={title}
          captionHidden
          dense
          tall
          rows={weeks}
          rowKey={({ label }) => label}
          columns={["Week of", "Wanted", "Grown", "Gap"].map((header, at) => ({
            key: header,
            header,
            numeric: at === 1 || at === 2,
            rowHeader: at === 0,
            cell: ({ words }: DemandWeek) => words[at] ?? "",
          }))}
        />
      </details>
    </figure>
  );
}
