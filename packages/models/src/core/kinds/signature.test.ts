import { describe, expect, it } from "vitest";
import { columnsOf, inputOf, type Signature } from "./signature.ts";

const signature: Signature = [
  { name: "age", kind: "number", min: 0, max: 100, isOptional: false },
  { name: "gap", kind: "number", min: 0, max: 10, isOptional: true },
];

describe("an input of a model", () => {
  it("becomes columns in the model's order, NaN where nothing is known", () => {
    expect([...columnsOf(signature, { gap: 3, age: 7 })]).toEqual([7, 3]);
    expect([...columnsOf(signature, { age: 7 })]).toEqual([7, Number.NaN]);
    expect([...columnsOf(signature, { age: 7, gap: null })]).toEqual([7, Number.NaN]);
  });

  it.each([
    ["a number that is none", { age: Number.NaN }],
    ["infinity", { age: Number.POSITIVE_INFINITY }],
    ["more than the bound", { age: 100.1 }],
    ["less than the bound", { age: -1 }],
    ["text", { age: "7" }],
    ["a list", { age: [7] }],
    ["nothing where something is needed", { gap: 1 }],
    ["a name that the model does not know", { age: 7, email: "maya@demo.example" }],
    ["a name of every object", { age: 7, constructor: 1 }],
    ["a prototype", JSON.parse('{"age": 7, "__proto__": 1}')],
  ])("is refused with %s", (_, input: Record<string, unknown>) => {
    expect(() => columnsOf(signature, input)).toThrow(expect.objectContaining({ code: "input_invalid" }));
  });

  it("of an object without own names inherits nothing", () => {
    const heir = Object.create({ age: 7 }) as Record<string, unknown>;
    expect(() => columnsOf(signature, heir)).toThrow("missing");
  });

  it("is written down bounded and comes back as the same columns", () => {
    const input = inputOf(signature, [7, Number.NaN]);
    expect(input).toEqual({ age: 7, gap: null });
    expect([...columnsOf(signature, JSON.parse(JSON.stringify(input)))]).toEqual([7, Number.NaN]);
    expect(inputOf(signature, [700, 11])).toEqual({ age: 100, gap: 10 });
  });
});
