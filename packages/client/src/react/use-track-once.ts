import { useEffect, useRef } from "react";
import { useTrackAction } from "./shop-provider.tsx";
import type { Tracker } from "./tracker.ts";

/**
 * Notes an action once for each key: an address that is looked at, say. What else changes on the page, and that a page is
 * mounted twice in development, notes nothing again.
 *
 * @param action nothing is noted while it is absent
 */
export function useTrackOnce(key: string, action: Parameters<Tracker["track"]>[0] | undefined): void {
  const track = useTrackAction();
  const noted = useRef<string>();
  useEffect(() => {
    if (!action || noted.current === key) return;
    noted.current = key;
    track(action);
  });
}
