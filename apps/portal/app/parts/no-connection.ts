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
