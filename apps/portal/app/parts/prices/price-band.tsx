import { formatCents } from "@almanac/kernel";

export interface PriceBandProps {
  lower: number;
  median: number;
  upper: number;
  /** Cents on the same scale. */
  now: number;
  suggested?: number;
  floor?: number;
  unit: string;
  /** What the band says, in a sentence. */
  sentence: string;
}

type At = React.CSSProperties & { "--from"?: string; "--to"?: string; "--at"?: string };

/** Where a price stands among others': a band for the middle half of them, never a farm of its own. */
export function PriceBand({ lower, median, upper, now, suggested, floor, unit, sentence }: PriceBandProps) {
  const all = [lower, upper, now, ...(suggested ? [suggested] : []), ...(floor ? [floor] : [])];
  const room = Math.max(20, (Math.max(...all) - Math.min(...all)) * 0.12);
  const from = Math.max(0, Math.min(...all) - room);
  const to = Math.max(...all) + room;
  const at = (cents: number): string => `${(100 * (cents - from)) / (to - from)}%`;
  const band: At = { "--from": at(lower), "--to": at(upper) };
  return (
    <figure className="price-band">
      <div className="price-band__scale" aria-hidden>
        <span className="price-band__band" style={band} />
        <Mark at={at(median)} look="median" title={`Middle: ${formatCents(median)}`} />
        {floor !== undefined && (
          <Mark at={at(floor)} look="floor" title={`Your floor: ${formatCents(floor)}`} />
        )}
        <Mark at={at(now)} look="now" title={`Now: ${formatCents(now)}`} />
        {suggested !== undefined && (
          <Mark at={at(suggested)} look="suggested" title={`Suggested: ${formatCents(suggested)}`} />
        )}
      </div>
      <div className="price-band__ends numeric small soft" aria-hidden>
        <span>{formatCents(Math.round(from))}</span>
        <span>
          {formatCents(Math.round(to))} / {unit}
        </span>
      </div>
      <figcaption className="small soft">{sentence}</figcaption>
    </figure>
  );
}

function Mark({ at, look, title }: { at: string; look: string; title: string }) {
  const style: At = { "--at": at };
  return <span className={`price-band__mark price-band__mark--${look}`} style={style} title={title} />;
}
