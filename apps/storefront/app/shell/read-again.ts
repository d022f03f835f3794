import { useNavigation, useRevalidator } from "@remix-run/react";
import { useCallback, useEffect, useRef } from "react";

/**
 * Reads the page's data again. While it is being read, or another page is on its way, that is waited for and the reading
 * follows it: a second one beside it would break off what still streams in, which the browser reports as an error.
 */
export function useReadAgain(): () => void {
  const { state, revalidate } = useRevalidator();
  const navigation = useNavigation();
  const isBusy = state !== "idle" || navigation.state !== "idle";
  const busy = useRef(isBusy);
  busy.current = isBusy;
  const isAsked = useRef(false);

  const readAgain = useCallback(() => {
    isAsked.current = busy.current;
    if (busy.current) return;
    busy.current = true;
    revalidate();
  }, [revalidate]);
  useEffect(() => {
    if (!isBusy && isAsked.current) readAgain();
  }, [isBusy, readAgain]);
  return readAgain;
}
