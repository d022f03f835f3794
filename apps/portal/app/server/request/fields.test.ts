import { describe, expect, it } from "vitest";
import { Fields, FormProblem, typedQuantity } from "./fields.ts";

const fieldsOf = (values: Record<string, string>): Fields => {
  const data = new FormData();
  for (const [name, value] of Object.entries(values)) data.set(name, value);
  return new Fields(data);
};

const problemsOf = (read: (fields: Fields) => unknown, values: Record<string, string>) => {
  const fields = fieldsOf(values);
  read(fields);
  try {
    fields.done();
  } catch (error) {
    if (error instanceof FormProblem) return error.problems;
    throw error;
  }
  return {};
};

describe("Fields", () => {
  it.each([
    ["4.90", 490],
    ["4,9", 490],
    ["12", 1200],
    ["0.05", 5],
  ])("reads the amount %s as %i cents", (typed, cents) => {
    expect(fieldsOf({ price: typed }).cents("price")).toBe(cents);
  });

  it.each(["", "-1", "4.905", "1 000", "4.9x", "1e3"])("refuses the amount %j", (typed) => {
    expect(problemsOf((fields) => fields.cents("price"), { price: typed })).toHaveProperty("price");
  });

  it.each([
    ["1.5", "g", 1_500],
    ["0,765", "g", 765],
    ["0.25", "ml", 250],
    ["12", "piece", 12],
  ] as const)("reads %s of unit %s as %i base units", (typed, unit, base) => {
    expect(fieldsOf({ amount: typed }).quantity("amount", unit)).toBe(base);
  });

  it.each([
    ["1.5", "piece"],
    ["-2", "g"],
    ["", "g"],
  ] as const)("refuses %j of unit %s", (typed, unit) => {
    expect(problemsOf((fields) => fields.quantity("amount", unit), { amount: typed })).toHaveProperty(
      "amount",
    );
  });

  it("tells all problems of a form at once", () => {
    const problems = problemsOf(
      (fields) => {
        fields.text("name", { required: "Give it a name." });
        fields.whole("weeks", { min: 1, max: 12 });
      },
      { name: "  ", weeks: "13" },
    );
    expect(problems).toEqual({ name: "Give it a name.", weeks: "A whole number from 1 to 12." });
  });

  it("keeps what was typed, but no password", () => {
    expect(fieldsOf({ email: "maya@demo.example", password: "secret" }).values()).toEqual({
      email: "maya@demo.example",
    });
  });

  it("writes a stored quantity as it is typed", () => {
    expect([typedQuantity(1_500, "g"), typedQuantity(3, "piece")]).toEqual(["1.5", "3"]);
  });
});
