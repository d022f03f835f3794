/**
 * Holds the docs against the tree: every path that a page names in backticks exists, every relative link leads somewhere,
 * every error code has its paragraph in docs/errors.md, and `.env.example` names what the server's schema reads.
 */
import { existsSync, readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { envSchema } from "../../apps/server/src/settings/env.ts";
import { errorCategories } from "../../packages/kernel/src/errors.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const problems: string[] = [];
const read = (path: string): string =>
  existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : "";

const pages = execFileSync("git", ["ls-files", "--", "*.md"], { cwd: root, encoding: "utf8" })
  .split("\n")
  .filter(Boolean);
for (const page of pages) {
  const text = read(page);
  for (const [, path] of text.matchAll(
    /`((?:apps|packages|tooling|docker|docs|\.github)\/[A-Za-z0-9_./-]+)`/g,
  )) {
    if (!existsSync(join(root, path!))) problems.push(`${page} names ${path}, which does not exist`);
  }
  for (const [, link] of text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)) {
    if (!existsSync(join(root, dirname(page), link!)))
      problems.push(`${page} links to ${link}, which does not exist`);
  }
}

const errorsPage = read("docs/errors.md");
for (const code of Object.keys(errorCategories)) {
  if (!errorsPage.includes(`### \`${code}\``)) problems.push(`docs/errors.md has no paragraph on ${code}`);
}
for (const [, code] of errorsPage.matchAll(/^### `([a-z_]+)`/gm)) {
  if (!(code! in errorCategories)) problems.push(`docs/errors.md explains ${code}, which is no error code`);
}

const example = new Set([...read(".env.example").matchAll(/^#?\s?([A-Z_]+)=/gm)].map((match) => match[1]!));
const schema = Object.keys(envSchema.shape);
for (const name of schema) if (!example.has(name)) problems.push(`.env.example lacks ${name}`);
for (const name of example)
  if (!schema.includes(name)) problems.push(`.env.example names ${name}, which nothing reads`);

for (const problem of problems) console.error(problem);
console.log(
  problems.length === 0 ? `${pages.length} pages are true to the tree` : `${problems.length} untrue places`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
