import { useVariantConfig } from "@almanac/client/react";

/**
 * Whether lists that a model makes are shown to whoever looks. Who is held out sees none, so that the worth of the rest can be
 * told; what everybody sees alike stays.
 *
 * @param answer what the page's loader read; its arm is "none" until the page has read again what it may show now
 */
export function useRecommends(answer: { readonly arm?: string | undefined } | undefined): boolean {
  return useVariantConfig("recommendations")["recommendations"] !== false && answer?.arm !== "none";
}
