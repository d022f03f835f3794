import { useEffect, useRef } from "react";
import { isThere, placeAfter, spotOf, type FocusSpot } from "./focus-spot.ts";

/**
 * Keeps whoever goes by keyboard or screen reader at their place. What had the focus may be gone after an act (a line of the
 * basket, an advice that was answered): the focus goes on to what came after it, or out of a message that has gone back to
 * where it was before. What
 * stood in something marked `data-focus-after="heading"` changed the whole page, which is read anew from its heading. Another
 * page begins at its heading, as it does where a browser loads it. Whoever points is left alone: a field that gets the focus opens a phone's keyboard.
 */
export function KeptFocus({ path }: { path: string }) {
  const spot = useRef<FocusSpot>();
  const elsewhere = useRef<FocusSpot>();
  const points = useRef(false);
  const shownPath = useRef(path);

  useEffect(() => {
    const onPointer = (): void => void (points.current = true);
    const onKey = (): void => void (points.current = false);
    const onFocus = ({ target }: FocusEvent): void => {
      const next = target instanceof HTMLElement ? spotOf(target) : undefined;
      if (spot.current && spot.current.part !== next?.part) elsewhere.current = spot.current;
      spot.current = next;
    };
    const observer = new MutationObserver(() => {
      const lost = spot.current;
      if (!lost || lost.element.isConnected || !isNowhere()) return;
      spot.current = undefined;
      if (points.current || lost.path !== location.pathname) return;
      const back = lost.part.tagName === "MAIN" ? undefined : elsewhere.current?.element;
      const isAnew = lost.around.some(({ dataset }) => dataset["focusAfter"] === "heading");
      const place = isAnew ? undefined : (placeAfter(lost) ?? (back && isThere(back) ? back : undefined));
      (place ?? headingOfPage())?.focus();
    });
    document.addEventListener("pointerdown", onPointer, true);
    document.addEventListener("keydown", onKey, true);
    document.addEventListener("focusin", onFocus);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener("pointerdown", onPointer, true);
      document.removeEventListener("keydown", onKey, true);
      document.removeEventListener("focusin", onFocus);
      observer.disconnect();
    };
  }, []);

  useEffect(() => {
    if (shownPath.current === path) return;
    shownPath.current = path;
    const isTyping = document.activeElement?.matches("input, textarea, select") ?? false;
    if (!points.current && !isTyping) headingOfPage()?.focus({ preventScroll: true });
  }, [path]);

  return null;
}

const isNowhere = (): boolean => document.activeElement === null || document.activeElement === document.body;

/** The page's own heading, made to take the focus; its content where it has none. */
function headingOfPage(): HTMLElement | null {
  const heading = document.querySelector<HTMLElement>("main h1");
  heading?.setAttribute("tabindex", "-1");
  return heading ?? document.querySelector<HTMLElement>("main");
}
