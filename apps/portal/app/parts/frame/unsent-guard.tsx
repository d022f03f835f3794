import { useToasts } from "@almanac/ui";
import { useEffect } from "react";
import { isHeldBack } from "./no-connection.ts";

/**
 * Without a network a form is not sent: the page would be lost to a page of errors, and with it what was typed. It stays as
 * it is, and says so.
 */
export function UnsentGuard() {
  const { show } = useToasts();
  useEffect(() => {
    const keep = (event: SubmitEvent): void => {
      if (isHeldBack(event, navigator))
        show({ id: "network", message: "No connection, so nothing was sent. Try again when it is back." });
    };
    // Before React, whose own listeners are on the document.
    window.addEventListener("submit", keep, { capture: true });
    return () => window.removeEventListener("submit", keep, { capture: true });
  }, [show]);
  return null;
}
