import { Anchor, Badge, Picture, Sparkline, Table, type PictureName } from "@almanac/ui";

/** One trend as it is shown: how much now, its line with a table behind it, and what moves it. */
export interface TrendShown {
  readonly name: string;
  readonly href?: string;
  readonly picture: PictureName;
  /** "5 kg a market day now" */
  readonly now: string;
  /** By period, the latest last; null is a gap. */
  readonly values: readonly (number | null)[];
  /** Says what the line is of. */
  readonly line: string;
  readonly table: {
    readonly caption: string;
    readonly when: string;
    readonly what: string;
    /** The latest first. */
    readonly rows: readonly { readonly when: string; readonly value: string }[];
  };
  readonly factors: readonly string[];
  /** "quite sure"; empty where nothing is claimed. */
  readonly sure: string;
  /** "70 %": the share of the movement that the trend explains. */
  readonly strength: string;
}

export const trendGroups = [
  { type: "rising", title: "Rising", badge: "rising", tone: "good" },
  { type: "falling", title: "Falling", badge: "falling", tone: "urgent" },
  { type: "volatile", title: "Up and down", badge: "up and down", tone: "calm" },
] as const;

export function TrendCard({ item, group }: { item: TrendShown; group: (typeof trendGroups)[number] }) {
  const { name, href, picture, now, values, line, table, factors, sure, strength } = item;
  return (
    <li className="card trend-card">
      <div className="price-card__head">
        <Picture className="row__picture" shape="thumb" name={picture} alt="" />
        <div>
          <h3 className="price-card__name">{href ? <Anchor href={href}>{name}</Anchor> : name}</h3>
          <span className="small soft">{now}</span>
        </div>
        <Badge tone={group.tone}>{group.badge}</Badge>
      </div>
      <div className="trend-card__line">
        <Sparkline values={values} fromZero label={line} />
      </div>
      <details className="plot__table">
        <summary aria-label={`${name} as a table`}>As a table</summary>
        <Table
          caption={table.caption}
          captionHidden
          dense
          tall
          rows={table.rows}
          rowKey={({ when }) => when}
          columns={[
            { key: "when", header: table.when, rowHeader: true, cell: ({ when }) => when },
            { key: "value", header: table.what, numeric: true, cell: ({ value }) => value },
          ]}
        />
      </details>
      <ul className="plain-list small">
        {factors.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      <p className="small soft">
        {sure && `We are ${sure}. `}The trend explains {strength} of its movement.
      </p>
    </li>
  );
}
