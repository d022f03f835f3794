import type { Algorithm } from "./catalogue.ts";

/** The page docs/algorithms.md: the catalogue as a table. */
export function algorithmsPage(algorithms: readonly Algorithm[]): string {
  const rows = algorithms.map(({ name, code, use, test: [file, title], figure, bench }) => {
    const measured = bench === undefined ? figure : `${figure} ([${bench}](benches/${bench}.md))`;
    return [name, `[${code}](../${code})`, use, `${title} ([${nameOf(file)}](../${file}))`, measured];
  });
  return [
    "# Algorithms",
    "",
    "Every algorithm of the product by name: where it is used, a test that fails when it is broken, and a figure. Written by",
    "`pnpm almanac algorithms --page`; a test holds this page against the catalogue and the tests against their files.",
    "",
    ...tableOf([["algorithm", "code", "used in", "test", "figure"], ...rows]),
    "",
  ].join("\n");
}

const nameOf = (file: string): string => file.slice(file.lastIndexOf("/") + 1);

/** A table with columns of even width, as the formatter wants it. */
function tableOf(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  return [line(rows[0]!), line(widths.map((width) => "-".repeat(width))), ...rows.slice(1).map(line)];
}
