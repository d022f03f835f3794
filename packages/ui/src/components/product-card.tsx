import type { ReactNode } from "react";
import type { PictureName } from "../pictures/picture-tints.ts";
import { Anchor } from "./anchor.tsx";
import { Badge } from "./badge.tsx";
import type { Tone } from "./badge.tsx";
import { classNames } from "./class-names.ts";
import { Picture } from "./picture.tsx";
import type { Photo } from "./picture.tsx";
import { Price } from "./price.tsx";
import type { PriceProps } from "./price.tsx";
import { RatingStars } from "./rating.tsx";
import { ReasonBadge } from "./reason.tsx";
import type { Reason } from "./reason.tsx";
import { SeasonStrip } from "./season.tsx";
import type { SeasonYear } from "./season-sentence.ts";

export interface ProductCardProps {
  href: string;
  name: string;
  farmName: string;
  picture: PictureName;
  photo?: Photo | null;
  price: Pick<PriceProps, "cents" | "unit" | "wasCents" | "sign">;
  /** Why it is here. Every card of a shelf should have one. */
  reason?: Reason;
  /** The year as a thin strip on the picture. */
  season?: { year: SeasonYear; month: number; monthShare?: number };
  /** A short word on the picture: "Organic", "New". */
  tag?: { text: string; tone?: Tone };
  rating?: { value: number; count: number };
  /** One urgent line under the farm: "3 left for Saturday". */
  note?: string;
  soldOut?: boolean;
  /** In place of the price's action when sold out: "Back on Wednesday". */
  soldOutText?: string;
  /** The Add button, in its form. Not shown when sold out, unless `soldOutAction` is given. */
  action?: ReactNode;
  soldOutAction?: ReactNode;
  /** The heart, in its form. */
  wish?: ReactNode;
  headingLevel?: 2 | 3 | 4;
  /** Load the picture at once. For the first row of a page. */
  eager?: boolean;
  className?: string;
}

/** A product: picture, reason, name, farm, price, and what can be done with it. The whole card leads to its page. */
export function ProductCard(props: ProductCardProps) {
  const { href, name, farmName, price, reason, season, tag, rating, note, soldOut = false, wish } = props;
  const Heading = `h${props.headingLevel ?? 3}` as const;
  return (
    <article className={classNames("product-card", soldOut && "product-card--sold-out", props.className)}>
      <div className="product-card__picture">
        <Picture
          className="product-card__picture-fill"
          name={props.picture}
          alt=""
          photo={props.photo}
          eager={props.eager}
        />
        {(tag || soldOut) && (
          <span className="product-card__tag">
            <Badge tone={soldOut || !tag?.tone ? "on-picture" : tag.tone}>
              {soldOut ? "Sold out" : tag?.text}
            </Badge>
          </span>
        )}
        {season && <SeasonStrip className="product-card__season" {...season} />}
        {wish && <div className="product-card__wish">{wish}</div>}
      </div>
      <div className="product-card__body">
        {reason && (
          <div className="product-card__reason">
            <ReasonBadge reason={reason} about={name} />
          </div>
        )}
        <Heading className="product-card__name">
          <Anchor className="product-card__link" href={href}>
            {name}
          </Anchor>
        </Heading>
        <p className="product-card__farm">{farmName}</p>
        {rating && <RatingStars value={rating.value} count={rating.count} />}
        {note && !soldOut && <p className="product-card__note">{note}</p>}
        <div className="product-card__foot">
          <Price {...price} />
          {soldOut ? (
            <div className="product-card__action">
              {props.soldOutAction ?? <span className="product-card__sold-out">{props.soldOutText}</span>}
            </div>
          ) : (
            props.action && <div className="product-card__action">{props.action}</div>
          )}
        </div>
      </div>
    </article>
  );
}

export interface ProductRowProps {
  href: string;
  name: string;
  detail?: ReactNode;
  picture: PictureName;
  photo?: Photo | null;
  /** At the end of the line: usually a price. */
  end?: ReactNode;
  /** Below: quantity, remove. */
  controls?: ReactNode;
  children?: ReactNode;
}

/** A product as one line of a basket or an order. */
export function ProductRow({ href, name, detail, picture, photo, end, controls, children }: ProductRowProps) {
  return (
    <div className="product-row">
      <Picture className="product-row__picture" shape="thumb" name={picture} photo={photo} alt="" />
      <div className="product-row__text">
        <h3 className="product-row__name">
          <Anchor href={href}>{name}</Anchor>
        </h3>
        {detail && <p className="product-row__detail">{detail}</p>}
        {children}
      </div>
      <div className="product-row__end">{end}</div>
      {controls && <div className="product-row__controls">{controls}</div>}
    </div>
  );
}
