import { useEffect, type RefObject } from "react";

/**
 * Leads the focus to what has to be put right as soon as a refusal appears or changes: to the first field that is wrong, whose
 * error a screen reader reads with it, or to the refusal itself where no field is.
 */
export function useErrorFocus(refusal: RefObject<HTMLElement | null>, words: string): void {
  useEffect(() => {
    const wrong = [...document.querySelectorAll<HTMLElement>('main [aria-invalid="true"]')];
    (wrong.find((field) => field.checkVisibility()) ?? refusal.current)?.focus();
  }, [refusal, words]);
}
