/** Where the portal's worker keeps pages for where there is no signal, in the browser's own store. */
const store = "almanac-today";

/** Forgets the pages that are kept on this device. Call it as somebody signs out: the next reader is perhaps another. */
export async function forgetKeptPages(): Promise<void> {
  if ("caches" in globalThis) await caches.delete(store).catch(() => false);
}
