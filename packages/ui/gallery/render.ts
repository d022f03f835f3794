import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/**
 * Writes every page of the gallery as one HTML file each, to look at:
 * `pnpm --filter @almanac/ui gallery [folder]`. Without a folder a new one in the system's temporary folder is used.
 */
const here = fileURLToPath(new URL(".", import.meta.url));
const folder = process.argv[2] ?? (await mkdtemp(join(tmpdir(), "almanac-gallery-")));

await build({
  entryPoints: [join(here, "../src/styles/index.css")],
  bundle: true,
  outdir: folder,
  loader: { ".woff2": "file" },
  logLevel: "warning",
});

const pagesFile = join(folder, "pages.mjs");
await build({
  entryPoints: [join(here, "pages.tsx")],
  bundle: true,
  platform: "node",
  format: "esm",
  jsx: "automatic",
  outfile: pagesFile,
  // react-dom/server asks for node modules the CommonJS way.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "warning",
});

interface Pages {
  renderPages: () => Record<string, string>;
}

function isPages(module: unknown): module is Pages {
  return typeof module === "object" && module !== null && "renderPages" in module;
}

const pages: unknown = await import(pagesFile);
if (!isPages(pages)) throw new Error("the gallery's pages do not export renderPages");

const pictures = new URL("../pictures/", import.meta.url).href;
for (const [name, body] of Object.entries(pages.renderPages())) {
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${name}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="index.css"></head>
<body>${body.replaceAll('"/pictures/', `"${pictures}`)}</body></html>`;
  const file = join(folder, `${name}.html`);
  await writeFile(file, html);
  console.log(file);
}
