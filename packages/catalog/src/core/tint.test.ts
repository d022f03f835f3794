import { describe, expect, it } from "vitest";
import { oklchOf } from "./tint.ts";

describe("a colour as oklch", () => {
  // Reference values of CSS Color 4 (section 9 examples and its conversion code), to the digits shown.
  it.each([
    ["white", [255, 255, 255], "oklch(1.000 0.000 0.0)"],
    ["black", [0, 0, 0], "oklch(0.000 0.000 0.0)"],
    ["red", [255, 0, 0], "oklch(0.628 0.258 29.2)"],
    ["lime", [0, 255, 0], "oklch(0.866 0.295 142.5)"],
    ["blue", [0, 0, 255], "oklch(0.452 0.313 264.1)"],
  ] as const)("gives %s", (_name, [red, green, blue], colour) => {
    expect(oklchOf(red, green, blue)).toBe(colour);
  });
});
