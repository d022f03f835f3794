import { RemixBrowser } from "@remix-run/react";
import { StrictMode, startTransition } from "react";
import { hydrateRoot } from "react-dom/client";
import { quietAborts } from "./quiet-aborts.ts";

/**
 * Until the page's data is decoded `RemixBrowser` throws the promise of it, at the root and above any boundary. A key pressed
 * in that moment makes React 18 render at once, which must not suspend there: the page would be dead (its error 345). So the
 * decoding is begun and waited for before React is.
 */
async function decodePageData(): Promise<void> {
  try {
    RemixBrowser({});
  } catch (pending) {
    if (!(pending instanceof Promise)) throw pending;
    await pending;
  }
}

/** Brings the page that the server sent to life. */
export function startPage(): void {
  quietAborts(console);
  void decodePageData().then(() =>
    startTransition(() => {
      hydrateRoot(
        document,
        <StrictMode>
          <RemixBrowser />
        </StrictMode>,
      );
    }),
  );
}
