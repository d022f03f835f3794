interface Arm {
  readonly key: string;
  readonly isPartaking: boolean;
  readonly config: Readonly<Record<string, unknown>>;
}

type Payload = Readonly<Record<string, unknown>>;

/**
 * The arms of a page after a `VARIANT_CHANGED`, as far as the message itself tells: of an experiment that was stopped there
 * are none any more, which need not be asked. Anything else, also of an arm alone, is the server's to say.
 *
 * @returns the same list where nothing changes by it
 */
export function variantsAfter<Variant extends Arm>(
  variants: readonly Variant[],
  { key, status }: Payload,
): readonly Variant[] {
  if (status !== "stopped" || !variants.some((variant) => variant.key === key)) return variants;
  return variants.filter((variant) => variant.key !== key);
}

/**
 * Whether what the server chose for the page may be another now. Of an experiment that was stopped it is not for whoever saw
 * what everybody will see from now on, mostly half of all open pages: they need not all be read again in one moment.
 */
export function mayChangePage(variants: readonly Arm[], { key, status }: Payload): boolean {
  const mine = variants.find((variant) => variant.key === key);
  if (status !== "stopped" || mine === undefined) return true;
  return mine.isPartaking && Object.keys(mine.config).length > 0;
}
