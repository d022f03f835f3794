import { useEffect, useLayoutEffect, useRef } from "react";

/** Before the browser paints; on the server, where nothing is painted, never. */
const useBeforePaint = typeof document === "undefined" ? useEffect : useLayoutEffect;

/**
 * Puts what a page's loader has read into the cache, each time it has read anew: an answer that was kept from an earlier
 * look is then never seen. The first rendering has it as `initialData`.
 */
export function useSeed<Data>(loaded: Data | undefined, put: (data: Data) => void): void {
  const latest = useRef(put);
  useBeforePaint(() => {
    latest.current = put;
  });
  useBeforePaint(() => {
    if (loaded !== undefined) latest.current(loaded);
  }, [loaded]);
}
