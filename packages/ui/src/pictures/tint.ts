import { pictureTints } from "./picture-tints.ts";
import type { PictureName } from "./picture-tints.ts";

/** A colour idea without a lightness: the theme decides how light the card is. */
export interface Tint {
  /** Hue in OKLCH, degrees in [0, 360). */
  readonly hue: number;
  /** How strong the colour may be, in [0, 1]; the stylesheet turns it into a chroma. */
  readonly strength: number;
}

/** The card background that goes with a picture, from the picture's own colour. */
export function tintFor(picture: PictureName): Tint {
  const [hue, strength] = pictureTints[picture];
  return { hue, strength };
}

/**
 * A steady tint for something without a picture (a farm's round letter): the same text always has the same hue, and
 * the hues avoid the sickly band between yellow and green.
 */
export function tintForText(text: string): Tint {
  let hash = 2_166_136_261;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  return { hue: (125 + (hash % 300)) % 360, strength: 0.7 };
}
