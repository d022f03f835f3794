import { vitePlugin as remix } from "@remix-run/dev";
import { defineConfig } from "vite";

declare module "@remix-run/node" {
  interface Future {
    v3_singleFetch: true;
  }
}

export default defineConfig({
  base: "/portal/",
  plugins: [
    remix({
      basename: "/portal",
      future: {
        v3_fetcherPersist: true,
        v3_lazyRouteDiscovery: false,
        v3_relativeSplatPath: true,
        v3_singleFetch: true,
        v3_throwAbortReason: true,
      },
    }),
  ],
  build: { target: "es2022", assetsInlineLimit: 0, sourcemap: false },
  // Workspace packages are TypeScript sources: bundle them, never leave them to Node to resolve.
  ssr: { noExternal: [/^@almanac\//, /^@fontsource/] },
  optimizeDeps: { include: ["@trpc/client", "@trpc/react-query", "@tanstack/react-query"] },
});
