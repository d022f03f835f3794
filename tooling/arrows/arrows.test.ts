import { describe, expect, it } from "vitest";
import { layersOf } from "./layers.ts";
import { importsOf, isTestFile } from "./workspace.ts";

const room = (name: string, ...declared: string[]) => ({ name, declared: new Set(declared) });

describe("layers of packages", () => {
  it("stand each above all that it declares", () => {
    expect(layersOf([room("shop", "stock", "kernel"), room("stock", "kernel"), room("kernel")])).toEqual([
      ["kernel"],
      ["stock"],
      ["shop"],
    ]);
  });

  it("cannot be told of packages in a circle, which are named", () => {
    expect(() => layersOf([room("a", "b"), room("b", "c"), room("c", "a")])).toThrow("a -> b -> c -> a");
  });
});

describe("imports of a source", () => {
  it("are found whichever way they are written, with the door left off", () => {
    const source = `import { a } from "@almanac/kernel/time";\nexport * from '@almanac/db';\nawait import("@almanac/ml");\nimport "./own.ts";`;
    expect(importsOf(source)).toEqual(["kernel", "db", "ml"]);
  });

  it("may be for tests alone in tests, benches and the fakes that they share", () => {
    expect(["x/src/a.test.ts", "x/bench/a.ts", "x/src/testing.ts", "x/src/a.ts"].map(isTestFile)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});
