import { formatCents } from "@almanac/kernel";
import { Anchor, Badge, Picture, type PictureName } from "@almanac/ui";
import { Act } from "../forms/act.tsx";
import { PriceBand, type PriceBandProps } from "./price-band.tsx";

export interface PriceCardView {
  readonly variantId: string;
  readonly href: string;
  readonly name: string;
  readonly variantName: string;
  readonly picture: PictureName;
  readonly priceUnit: string;
  readonly nowCents: number;
  readonly suggestedCents: number;
  readonly floorCents: number | null;
  readonly kind: string;
  readonly why: string;
  readonly basis: string;
  readonly expected: readonly { readonly label: string; readonly words: string; readonly isGood: boolean }[];
  readonly band: PriceBandProps | null;
}

/** A suggestion with its reasons; nothing happens before one of its buttons is pressed. */
export function PriceCard({ view, headingLevel = 3 }: { view: PriceCardView; headingLevel?: 2 | 3 }) {
  const { variantId, href, name, variantName, nowCents, suggestedCents, priceUnit, floorCents } = view;
  const Heading = `h${headingLevel}` as const;
  const fields = { currentCents: nowCents, suggestedCents, name };
  return (
    <li className="card price-card">
      <div className="price-card__head">
        <Picture className="row__picture" shape="thumb" name={view.picture} alt="" />
        <div>
          <Heading className="price-card__name">
            <Anchor href={href}>{name}</Anchor>
          </Heading>
          <span className="small soft">{variantName}</span>
        </div>
        {view.kind === "floor" && <Badge tone="urgent">below your floor</Badge>}
      </div>
      <p className="price-card__prices numeric">
        <span>
          <span className="visually-hidden">Now </span>
          {formatCents(nowCents)}
        </span>
        <span aria-hidden>→</span>
        <span className="price-card__new">
          <span className="visually-hidden">suggested </span>
          {formatCents(suggestedCents)}
        </span>
        <span className="price-card__unit soft">/ {priceUnit}</span>
        {floorCents !== null && (
          <span className="price-card__floor small soft">your floor {formatCents(floorCents)}</span>
        )}
      </p>
      <p className="small">{view.why}</p>
      {view.expected.length > 0 && (
        <dl className="price-card__expected">
          {view.expected.map(({ label, words, isGood }) => (
            <div key={label}>
              <dt className="small soft">{label}</dt>
              <dd className={isGood ? "numeric price-card__good" : "numeric"}>{words}</dd>
            </div>
          ))}
        </dl>
      )}
      {view.band && <PriceBand {...view.band} />}
      {view.basis && <p className="small soft">{view.basis}</p>}
      <div className="cluster">
        <Act
          intent="accept"
          subject={variantId}
          fields={fields}
          label={`Ask ${formatCents(suggestedCents)}`}
          about={`Ask ${formatCents(suggestedCents)} for ${name}`}
          tone="primary"
          size="medium"
        />
        <Act
          intent="dismiss"
          subject={variantId}
          fields={fields}
          label="Leave it"
          about={`Leave it: ${name} stays at ${formatCents(nowCents)}`}
          tone="quiet"
          size="medium"
        />
      </div>
    </li>
  );
}
