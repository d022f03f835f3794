/** `pnpm new-package <name> "<what it is for>"`: a domain package with its rooms, ready to type-check and test. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const [name, purpose] = process.argv.slice(2);

if (!name || !purpose || !/^[a-z][a-z0-9-]{1,30}$/.test(name)) {
  console.error('Usage: pnpm new-package <kebab-case-name> "<what it is for, one sentence>"');
  process.exit(2);
}
const folder = join(root, "packages", name);
if (existsSync(folder)) {
  console.error(`packages/${name} exists already.`);
  process.exit(2);
}

const manifest = {
  name: `@almanac/${name}`,
  version: "0.1.0",
  private: true,
  description: purpose,
  license: "MIT",
  type: "module",
  exports: { ".": "./src/index.ts", "./router": "./src/router.ts" },
  scripts: { typecheck: "tsc" },
  dependencies: {
    "@almanac/db": "workspace:*",
    "@almanac/kernel": "workspace:*",
    "@almanac/trpc": "workspace:*",
    "drizzle-orm": "catalog:",
    zod: "catalog:",
  },
  devDependencies: {
    "@almanac/tsconfig": "workspace:*",
    "@types/node": "catalog:",
    typescript: "catalog:",
    vitest: "catalog:",
  },
};

const files: Record<string, string> = {
  "package.json": `${JSON.stringify(manifest, null, 2)}\n`,
  "tsconfig.json": `{\n  "extends": "@almanac/tsconfig/base.json",\n  "include": ["src"]\n}\n`,
  "README.md": `# ${name}\n\n${purpose}\n`,
  "src/index.ts": `export { ${camel(name)}Routes } from "./router.ts";\n`,
  "src/router.ts": `import { router } from "@almanac/trpc";\n\n/** The procedures of this package, by the names under which the root router joins them. */\nexport function ${camel(name)}Routes() {\n  return { ${camel(name)}: router({}) };\n}\n`,
};

function camel(text: string): string {
  return text.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

mkdirSync(join(folder, "src/core"), { recursive: true });
for (const [path, content] of Object.entries(files)) writeFileSync(join(folder, path), content);
console.log(
  `packages/${name} is there. Next: a row in the map of docs/architecture.md, its tables in packages/db/src/schema,`,
);
console.log(`and its routes in packages/api-router/src/index.ts.`);
