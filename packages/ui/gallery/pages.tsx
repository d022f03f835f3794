import { renderToStaticMarkup } from "react-dom/server";
import { PartsPage } from "./parts-page.tsx";
import { PortalPage } from "./portal-page.tsx";
import { ProductPage } from "./product-page.tsx";
import { StorePage } from "./store-page.tsx";

/** The gallery's pages as HTML, by name. */
export function renderPages(): Record<string, string> {
  return {
    store: renderToStaticMarkup(<StorePage />),
    product: renderToStaticMarkup(<ProductPage />),
    parts: renderToStaticMarkup(<PartsPage />),
    portal: renderToStaticMarkup(<PortalPage />),
  };
}
