import {
  isPictureName,
  pictureFor,
  type Contribution,
  type Photo,
  type PictureName,
  type ProductCardProps,
  type Reason,
  type SeasonLevel,
  type Tone,
} from "@almanac/ui";

/** A product as lists of every kind give it: from the shop window, the catalogue or the live lane. */
export interface ShopCard {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly category: { readonly slug: string; readonly name: string };
  readonly farm: { readonly slug: string; readonly name: string; readonly distanceKm?: number | undefined };
  readonly picture: string;
  readonly image?: ShopImage | undefined;
  readonly variantId: string;
  readonly variantName: string;
  readonly priceCents: number;
  readonly priceUnit: string;
  readonly previousPriceCents?: number | undefined;
  readonly isWeighed: boolean;
  readonly estimateCents: number;
  readonly isOrganic: boolean;
  readonly isAvailable?: boolean | undefined;
  readonly isLow?: boolean | undefined;
  readonly availableQuantity?: number | undefined;
  readonly season?: ShopSeason | undefined;
  readonly rating?: { readonly stars: number; readonly count: number } | undefined;
}

export interface ShopImage {
  readonly id: string;
  readonly widths: readonly number[];
  readonly width: number;
  readonly height: number;
}

export interface ShopSeason {
  readonly phase: string;
  readonly label: string;
  /** January first: 0 no harvest, up to 1 at its best. */
  readonly strip: readonly number[];
  readonly endsOn?: string | undefined;
  readonly returnsOn?: string | undefined;
}

/** A recommended product with why. */
export interface ShopPick {
  readonly card: ShopCard;
  readonly reason?: string | undefined;
  readonly sentence?: string | undefined;
  readonly explain?: readonly { readonly algorithm: string; readonly contribution: number }[] | undefined;
}

/** Where in the year a page stands. */
export interface YearPlace {
  readonly month: number;
  readonly monthShare: number;
}

export function pictureOf(product: {
  readonly picture: string;
  readonly name: string;
  readonly category?: { readonly name: string };
}): PictureName {
  if (isPictureName(product.picture)) return product.picture;
  return pictureFor({ name: product.name, category: product.category?.name });
}

export function photoOf(image: ShopImage | undefined): Photo | undefined {
  if (!image) return undefined;
  const sources = image.widths.map((widthPx) => ({ url: `/images/${image.id}/${widthPx}.webp`, widthPx }));
  return { sources, widthPx: image.width, heightPx: image.height };
}

/** "/kg" for what is weighed, "bunch" for what is counted. */
export function unitText({ isWeighed, priceUnit }: { isWeighed: boolean; priceUnit: string }): string {
  return isWeighed ? `/${priceUnit}` : priceUnit;
}

/** Its harvest is at its best today. Of what only its kind is known to be in season now, nothing says so. */
export function isAtPeak({ phase, endsOn }: Pick<ShopSeason, "phase" | "endsOn">): boolean {
  return phase === "peak" && endsOn !== undefined;
}

export function yearOf(strip: readonly number[]): SeasonLevel[] {
  return Array.from({ length: 12 }, (_, month) => levelOf(strip[month] ?? 0));
}

function levelOf(share: number): SeasonLevel {
  if (share < 0.15) return "none";
  return share >= 0.75 ? "peak" : "some";
}

/** How a pick came about, for the card's reason; without a sentence the season speaks. */
export function reasonOf({ card, sentence, explain = [] }: ShopPick): Reason | undefined {
  const text = sentence ?? card.season?.label;
  if (!text) return undefined;
  const contributions = explain.map(({ algorithm, contribution }): Contribution => ({
    label: algorithmWords(algorithm),
    value: contribution,
  }));
  return {
    text,
    tone: toneOf(text),
    ...(contributions.length > 0 && {
      explain: { sentence: `${text}.`, contributions, foot: "The longer the bar, the more it counts." },
    }),
  };
}

function toneOf(text: string): Tone {
  if (/\bleft\b|\blast\b/i.test(text)) return "urgent";
  return /^(back on|from|out of season)\b/i.test(text) ? "calm" : "good";
}

const algorithmLabels: Readonly<Record<string, string>> = {
  collaborative_filtering: "People with a taste like yours buy it",
  content_based: "Like what you looked at and bought",
  trending: "Bought much near you this week",
  seasonal: "In season here",
  user_behavior: "What you looked at, kept and bought",
  co_occurrence: "Often in one basket with yours",
};

function algorithmWords(name: string): string {
  return algorithmLabels[name] ?? name.replaceAll("_", " ");
}

/** What a card shows, without its buttons. */
export function cardProps(pick: ShopPick, year: YearPlace): ProductCardProps & { id: string } {
  const { card } = pick;
  const { season } = card;
  const isSoldOut = card.isAvailable === false;
  const photo = photoOf(card.image);
  const reason = reasonOf(pick);
  return {
    id: card.id,
    href: `/products/${card.slug}`,
    name: card.name,
    farmName: card.farm.name,
    picture: pictureOf(card),
    price: {
      cents: card.priceCents,
      unit: unitText(card),
      ...(card.previousPriceCents !== undefined && { wasCents: card.previousPriceCents }),
    },
    ...(photo && { photo }),
    ...(reason && { reason }),
    ...(season && season.phase !== "year_round" && { season: { year: yearOf(season.strip), ...year } }),
    ...(card.isOrganic && { tag: { text: "Organic" } }),
    ...(card.isLow &&
      card.availableQuantity !== undefined && { note: `Only ${card.availableQuantity} left` }),
    soldOut: isSoldOut,
  };
}
