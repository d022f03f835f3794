/** Letters that Unicode does not take apart into a base letter and a mark. */
const undecomposed: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  đ: "d",
  ð: "d",
  þ: "th",
  ł: "l",
  ħ: "h",
  ı: "i",
};

export const slugMaxLength = 80;

/** What a slug from outside must look like. */
export const slugPattern = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/**
 * A name as part of an address: "Jalapeño & Crème" becomes "jalapeno-creme". Lower case ASCII letters, digits and single
 * hyphens, at most 80 characters, cut at a hyphen where one is near.
 *
 * @param fallback used when nothing of the name can be written that way, such as a name in Chinese
 */
export function slugOf(name: string, fallback: string): string {
  const folded = name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[ßæœøđðþłħı]/g, (letter) => undecomposed[letter]!)
    .replace(/['’`]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return folded === "" ? fallback : shorten(folded);
}

/**
 * Slugs to try in order until one is free: the name, the name with what tells it apart (the farm), then with numbers
 * from 2. Endless, so that the caller's insert decides which one it gets.
 *
 * @param apart what tells two things of one name apart; empty when there is nothing
 */
export function* slugCandidates(name: string, apart: string, fallback: string): Generator<string, never> {
  const base = slugOf(name, fallback);
  yield base;
  const suffix = apart === "" ? "" : slugOf(apart, "");
  const distinct = suffix === "" ? base : shorten(`${base}-${suffix}`);
  if (distinct !== base) yield distinct;
  for (let number = 2; ; number++)
    yield `${distinct.slice(0, slugMaxLength - 7).replace(/-+$/, "")}-${number}`;
}

function shorten(slug: string): string {
  if (slug.length <= slugMaxLength) return slug;
  const cut = slug.slice(0, slugMaxLength);
  const hyphen = cut.lastIndexOf("-");
  return hyphen > slugMaxLength / 2 ? cut.slice(0, hyphen) : cut.replace(/-+$/, "");
}
