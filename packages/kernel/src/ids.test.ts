import { describe, expect, expectTypeOf, it } from "vitest";
import { isAppError } from "./errors.ts";
import { idFromName, isUuid, newId, parseId, type FarmId, type LotId } from "./ids.ts";

describe("ids", () => {
  it("sort by the millisecond in which they were made", () => {
    const ids = [1, 1_000, 1_700_000_000_000, 1_700_000_000_001].map((ms) => newId(ms));
    expect([...ids].sort()).toEqual(ids);
    expect(ids.every(isUuid)).toBe(true);
  });

  it("are of version 7 when new and 8 when made from a name (RFC 9562)", () => {
    expect(newId()[14]).toBe("7");
    expect(idFromName("demo/farm", "hollow-oak")[14]).toBe("8");
  });

  it("are the same for the same name, and different for another name or kind", () => {
    expect(idFromName("a", "b")).toBe(idFromName("a", "b"));
    const names = new Set(Array.from({ length: 20_000 }, (_, n) => idFromName("import/product", String(n))));
    expect(names.size).toBe(20_000);
    expect(idFromName("a", "bc")).not.toBe(idFromName("ab", "c"));
  });

  it("from outside are refused unless they are lower-case UUIDs", () => {
    for (const text of [
      "",
      "1",
      "0190B6C4-0000-7000-8000-000000000000",
      "0190b6c4-0000-7000-8000-00000000000g",
    ]) {
      try {
        parseId(text);
        expect.unreachable();
      } catch (error) {
        expect(isAppError(error, "id_malformed")).toBe(true);
      }
    }
  });

  it("of a lot are not accepted as ids of a farm", () => {
    expectTypeOf<LotId>().not.toExtend<FarmId>();
  });
});
