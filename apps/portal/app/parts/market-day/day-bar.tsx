export interface DayBarProps {
  readonly name: string;
  readonly orderedBase: number;
  readonly soldBase: number;
  readonly broughtBase: number;
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

/**
 * One product's day as a bar: ordered and sold filled, what is still expected as a light band with its middle marked, and a
 * line where the goods end. The figures stand beside it as text, so that it is left out for those who listen.
 */
export function DayBar({ orderedBase, soldBase, broughtBase, p10, p50, p90 }: DayBarProps) {
  const whole = Math.max(broughtBase, p90, 1);
  const part = (base: number): number => (100 * base) / whole;
  return (
    <svg className="day-bar" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden>
      <rect className="day-bar__ground" x="0" y="3" width="100" height="6" />
      <rect className="day-bar__range" x={part(p10)} y="3" width={part(Math.max(0, p90 - p10))} height="6" />
      <rect className="day-bar__ordered" x="0" y="3" width={part(orderedBase)} height="6" />
      <rect className="day-bar__sold" x={part(orderedBase)} y="3" width={part(soldBase)} height="6" />
      <line className="day-bar__likely" x1={part(p50)} x2={part(p50)} y1="1" y2="11" />
      <line className="day-bar__brought" x1={part(broughtBase)} x2={part(broughtBase)} y1="0" y2="12" />
    </svg>
  );
}

/** What the parts of the bars mean, once for all of them. */
export function DayLegend() {
  return (
    <ul className="legend" aria-hidden>
      {bars.map(([kind, words]) => (
        <li key={kind} className="legend__item">
          <span className={`legend__swatch day-legend--${kind}`} /> {words}
        </li>
      ))}
    </ul>
  );
}

const bars = [
  ["ordered", "ordered"],
  ["sold", "sold"],
  ["range", "8 cases of 10"],
  ["likely", "likely in all"],
  ["brought", "all there is"],
] as const;
