/** A form that is sent without a network is held back before anybody else hears of it. @returns whether it was */
export function isHeldBack(
  event: Pick<Event, "preventDefault" | "stopPropagation">,
  { onLine }: Pick<Navigator, "onLine">,
): boolean {
  if (onLine) return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

/**
 * Whether a page could not be had for want of a network: what Chromium, Firefox and Safari throw when they reach nobody, which
 * is nobody's fault.
 */
export function isNoConnection(error: unknown): boolean {
  return (
    error instanceof TypeError &&
    /failed to fetch|networkerror when|load failed|network error/i.test(error.message)
  );
}
