/**
 * Whether a client already has what carries this tag (RFC 9110, 13.1.2).
 *
 * @param ifNoneMatch the header: a list of tags or "*", compared without the mark of a weak one
 */
export function isKnownTag(tag: string, ifNoneMatch: string | null | undefined): boolean {
  const bare = (text: string): string => text.trim().replace(/^W\//, "");
  return (ifNoneMatch ?? "").split(",").some((one) => one.trim() === "*" || bare(one) === bare(tag));
}
