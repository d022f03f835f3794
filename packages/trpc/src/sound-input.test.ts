import { describe, expect, it } from "vitest";
import { assertSound, isSound } from "./sound-input.ts";

const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

describe("an input", () => {
  it.each([undefined, null, 1, "", "Käse 🧀\n", [], { "a b": [{ c: "d" }] }, nested(32), new Blob(["\0"])])(
    "is sound: %o",
    (input) => {
      expect(isSound(input)).toBe(true);
      expect(() => assertSound(input)).not.toThrow();
    },
  );

  it.each([
    ["a\0", "input"],
    [{ entityId: "\ud83e" }, "entityId"],
    [{ events: [{ metadata: { note: "\udc00x" } }] }, "events.0.metadata.note"],
    [{ events: [{ metadata: { "\0": 1 } }] }, "events.0.metadata"],
    [{ a: nested(32) }, `a${".0".repeat(31)}`],
  ])("is refused with its place: %o", (input, place) => {
    expect(isSound(input)).toBe(false);
    expect(() => assertSound(input)).toThrow(
      expect.objectContaining({ code: "input_invalid", message: expect.stringMatching(`^${place}: must`) }),
    );
  });
});
