import { useEffect } from "react";

/**
 * Has this page kept for where there is no signal, anew whenever what it shows was read again. Does nothing where a browser
 * has no workers or refuses them, as in a private window.
 *
 * @param path of the page
 * @param version changes when the page was read again
 */
export function useKeptPage(path: string, version: string): void {
  useEffect(() => {
    if (!("serviceWorker" in navigator)) return;
    let isGone = false;
    const keep = async (): Promise<void> => {
      await navigator.serviceWorker.register("/portal/offline.js", { scope: "/portal/" });
      const { active } = await navigator.serviceWorker.ready;
      if (!isGone && navigator.onLine) active?.postMessage({ keep: path });
    };
    keep().catch(() => undefined);
    return () => {
      isGone = true;
    };
  }, [path, version]);
}
