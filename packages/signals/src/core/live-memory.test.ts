import { expect, test } from "vitest";
import { createLiveMemory } from "./live-memory.ts";

const one = () => Promise.resolve(new Map([["a", 1]]));

test("what was read is remembered until a change of it is told", async () => {
  const memory = createLiveMemory<string, number>(Infinity);
  await memory.fill(["a"], one);
  expect(memory.get("a")).toBe(1);
  memory.forget("a");
  expect(memory.get("a")).toBeUndefined();
});

test.each(["forget", "forgetAll"] as const)(
  "what changes while it is read is answered and not remembered (%s)",
  async (forget) => {
    const memory = createLiveMemory<string, number>(Infinity);
    const read = Promise.withResolvers<Map<string, number>>();
    const filling = memory.fill(["a", "b"], () => read.promise);
    memory[forget]("a");
    read.resolve(
      new Map([
        ["a", 1],
        ["b", 2],
      ]),
    );
    expect((await filling).get("a")).toBe(1);
    expect(memory.get("a")).toBeUndefined();
    expect(memory.get("b")).toBe(forget === "forget" ? 2 : undefined);
  },
);

test("who was asked for last is forgotten last", async () => {
  const memory = createLiveMemory<string, string>(2);
  for (const id of ["a", "b"]) await memory.fill([id], () => Promise.resolve(new Map([[id, id]])));
  memory.get("a");
  await memory.fill(["c"], () => Promise.resolve(new Map([["c", "c"]])));
  expect(["a", "b", "c"].map((id) => memory.get(id))).toEqual(["a", undefined, "c"]);
});
