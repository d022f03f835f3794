import { useRevalidator } from "@remix-run/react";
import { useEffect, useRef } from "react";

/**
 * Asks the page's loaders again every so often, while the page is seen, nobody types in it and the network is there.
 *
 * @param periodMs milliseconds between the end of one and the start of the next
 */
export function usePolling(periodMs: number): void {
  const { revalidate, state } = useRevalidator();
  const again = useRef(revalidate);
  again.current = revalidate;
  useEffect(() => {
    if (state !== "idle") return;
    const timer = setInterval(() => {
      const isTyping = document.activeElement?.matches("input:not([type=hidden]), textarea, select") ?? false;
      if (document.visibilityState === "visible" && navigator.onLine && !isTyping) again.current();
    }, periodMs);
    return () => clearInterval(timer);
  }, [periodMs, state]);
}
