import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { almanac } from "../almanac.ts";
import { algorithmsPage } from "./algorithms-page.ts";
import { algorithms } from "./catalogue.ts";

const root = join(import.meta.dirname, "../../../..");

async function run(...argv: string[]): Promise<string> {
  let text = "";
  const io = { env: {}, stdin: process.stdin, out: (more: string) => void (text += more), say: () => {} };
  expect(await almanac(["algorithms", ...argv], io)).toBe(0);
  return text;
}

describe("almanac algorithms", () => {
  it("lists twenty and more, each once, and how many in the last line", async () => {
    const lines = (await run()).trim().split("\n");
    expect(algorithms.length).toBeGreaterThanOrEqual(20);
    expect(new Set(algorithms.map(({ name }) => name)).size).toBe(algorithms.length);
    expect(lines).toHaveLength(algorithms.length + 1);
    expect(JSON.parse(lines.at(-1)!)).toEqual({ command: "algorithms", rows: algorithms.length });
  });

  it.each(algorithms)(
    "$name has its code, its page and a test of that title",
    ({ code, test, bench, figure }) => {
      const [file, title] = test;
      expect(existsSync(join(root, code))).toBe(true);
      expect(readFileSync(join(root, file), "utf8")).toContain(`it("${title}"`);
      if (bench) expect(existsSync(join(root, `docs/benches/${bench}.md`))).toBe(true);
      expect(figure.length).toBeGreaterThan(5);
    },
  );

  it("--page is what docs/algorithms.md holds", async () => {
    expect(await run("--page")).toBe(readFileSync(join(root, "docs/algorithms.md"), "utf8"));
    expect(algorithmsPage([])).toContain("# Algorithms");
  });
});
