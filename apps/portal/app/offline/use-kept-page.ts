import { useEffect } from "react";

/**
 * Has the browser say that there is no connection, and what is kept, where a page cannot be had. Does nothing where a browser has
 * no workers or refuses them, as in a private window.
 */
export function useOfflineWorker(): void {
  useEffect(() => {
    if (!("serviceWorker" in navigator)) return;
    navigator.serviceWorker.register("/portal/offline.js", { scope: "/portal/" }).catch(() => undefined);
  }, []);
}

/**
 * Has this page kept for where there is no signal, anew whenever what it shows was read again. Below `useOfflineWorker`.
 *
 * @param address path of the page, and its market where it has several
 * @param version changes when the page was read again
 */
export function useKeptPage(address: string, version: string): void {
  useEffect(() => {
    if (!("serviceWorker" in navigator)) return;
    let isGone = false;
    const keep = async (): Promise<void> => {
      const { active } = await navigator.serviceWorker.ready;
      if (!isGone && navigator.onLine) active?.postMessage({ keep: address });
    };
    keep().catch(() => undefined);
    return () => {
      isGone = true;
    };
  }, [address, version]);
}
