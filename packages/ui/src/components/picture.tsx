import type { CSSProperties } from "react";
import { pictureUrl } from "../pictures/served.ts";
import type { PictureName } from "../pictures/picture-tints.ts";
import { tintFor, tintForText } from "../pictures/tint.ts";
import type { Tint } from "../pictures/tint.ts";
import { classNames } from "./class-names.ts";

/** An uploaded photo in several widths. It replaces the drawn picture. */
export interface Photo {
  sources: readonly { url: string; widthPx: number }[];
  widthPx: number;
  heightPx: number;
}

/** Custom properties are not part of React's style type. */
type TintStyle = CSSProperties & { "--tint-hue": number; "--tint-strength": number };

/** Style of an element with class `tint`. */
export function tintStyle({ hue, strength }: Tint): TintStyle {
  return { "--tint-hue": hue, "--tint-strength": strength };
}

export interface PictureProps {
  name: PictureName;
  /** What is to be seen. Empty when the name of the product stands beside it anyway. */
  alt: string;
  photo?: Photo | null;
  /** `card` fills its box, `thumb` is a small square, `page` is the large one of a product page. */
  shape?: "card" | "thumb" | "page";
  /** Load at once and first: for what is seen without scrolling. */
  eager?: boolean;
  /** The `sizes` of a photo; by default those of a card in a grid. */
  sizes?: string;
  className?: string;
}

const photoSizes = {
  card: "(min-width: 48rem) 18rem, 50vw",
  thumb: "6rem",
  page: "(min-width: 60rem) 36rem, 100vw",
} as const;

/** The picture of a product: its photo, or else the food drawn on a tint of its own colour. Never moves the page. */
export function Picture({ name, alt, photo, shape = "card", eager = false, sizes, className }: PictureProps) {
  const loading = { loading: eager ? "eager" : "lazy", decoding: "async" } as const;
  const first = photo?.sources[0];
  return (
    <span
      className={classNames(
        "picture tint",
        shape !== "card" && `picture--${shape}`,
        !first && shape !== "thumb" && "picture--standing",
        className,
      )}
      style={tintStyle(tintFor(name))}
    >
      {photo && first ? (
        <img
          className="picture__photo"
          src={first.url}
          srcSet={photo.sources.map((source) => `${source.url} ${source.widthPx}w`).join(", ")}
          sizes={sizes ?? photoSizes[shape]}
          width={photo.widthPx}
          height={photo.heightPx}
          alt={alt}
          {...loading}
        />
      ) : (
        <img
          className="picture__food"
          src={pictureUrl(name)}
          width={128}
          height={128}
          alt={alt}
          {...loading}
        />
      )}
    </span>
  );
}

export interface FoodProps {
  name: PictureName;
  alt?: string;
  /** CSS pixels; 32 by default. */
  size?: number;
  eager?: boolean;
  className?: string;
}

/** A food alone, without a tint behind it. */
export function Food({ name, alt = "", size = 32, eager = false, className }: FoodProps) {
  return (
    <img
      src={pictureUrl(name)}
      width={size}
      height={size}
      alt={alt}
      loading={eager ? "eager" : "lazy"}
      decoding="async"
      className={className}
    />
  );
}

export interface FarmMarkProps {
  name: string;
  className?: string;
}

/** The first letter of a farm on a colour that is always the same for that farm. Decoration: the name stands beside it. */
export function FarmMark({ name, className }: FarmMarkProps) {
  return (
    <span
      className={classNames("farm-mark tint", className)}
      style={tintStyle(tintForText(name))}
      aria-hidden
    >
      {name.trim().charAt(0).toUpperCase()}
    </span>
  );
}
