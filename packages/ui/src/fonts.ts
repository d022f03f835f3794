import figtree from "@fontsource-variable/figtree/files/figtree-latin-wght-normal.woff2?url";
import fraunces from "@fontsource-variable/fraunces/files/fraunces-latin-opsz-normal.woff2?url";

/** Addresses of the two font files every page needs, for `<link rel="preload" as="font" crossorigin>`. Vite only. */
export const fontPreloads: readonly string[] = [fraunces, figtree];
