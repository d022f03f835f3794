/** Packages that may import only these, whatever their package.json says. A new domain package needs no line here. */
export const mayOnlyImport: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  // Mathematics knows nothing of farms, tables or HTTP.
  ml: ["kernel"],
  neural: ["kernel"],
  forecasting: ["kernel"],
  // The look knows nothing of the product.
  ui: ["kernel"],
  db: ["kernel"],
  // What runs in a browser gets at the product through the client alone.
  storefront: ["client", "ui", "kernel"],
  portal: ["client", "ui", "kernel"],
};

/** Packages that only these may import. */
export const onlyImportedBy: Readonly<Record<string, readonly string[]>> = {
  "api-router": ["server", "client"],
  storefront: ["server"],
  portal: ["server"],
  server: [],
  cli: [],
};

/** Imports that leave nothing behind when the types are gone; they need no more than a devDependency. */
export const asTypesOnly: Readonly<Record<string, readonly string[]>> = {
  client: ["api-router"],
};

/** Packages whose build is served, by its folder and not by an import. */
export const servesBuildOf: Readonly<Record<string, readonly string[]>> = {
  server: ["storefront", "portal"],
};
