import { useEffect, useState } from "react";

/**
 * False on the server and in the first render of the browser, then true: scripts run. By an effect rather than an external
 * store, whose change would be rendered at once, in the middle of a page that is still being taken over.
 */
export function useHydrated(): boolean {
  const [isHydrated, setHydrated] = useState(false);
  useEffect(() => setHydrated(true), []);
  return isHydrated;
}
