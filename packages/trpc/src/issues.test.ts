import { describe, expect, it } from "vitest";
import { z } from "zod";
import { inputIssues } from "./issues.ts";

const price = z.union([
  z.strictObject({ cents: z.number().int().min(1) }),
  z.strictObject({ units: z.number().int().min(2), totalCents: z.number().int().min(1) }),
]);
const schema = z.object({
  price,
  slugs: z.union([z.string().min(1), z.array(z.string().min(1))]).optional(),
  notes: z.record(z.string().max(3), z.string()).optional(),
});

const issuesOf = (input: unknown) => inputIssues(schema.safeParse(input).error!);

describe("what is wrong with an input", () => {
  it("of several forms is told of the one that it comes nearest to, by its place in the whole", () => {
    expect(issuesOf({ price: { units: 1, totalCents: 900 } })).toEqual([
      { path: "price.units", message: "Too small: expected number to be >=2" },
    ]);
    expect(issuesOf({ price: { cents: 1 }, slugs: ["kale", ""] })).toEqual([
      { path: "slugs.1", message: "Too small: expected string to have >=1 characters" },
    ]);
    expect(issuesOf({ price: { cents: 1 }, slugs: 7 })).toEqual([
      { path: "slugs", message: "Invalid input: expected string, received number" },
    ]);
  });

  it("names the key that is too long, not only that one is wrong", () => {
    expect(issuesOf({ price: { cents: 1 }, notes: { long: "x" } })).toEqual([
      { path: "notes.long", message: "Too big: expected string to have <=3 characters" },
    ]);
  });

  it("says what is missing and what is too much in words that are not of the schema's inside", () => {
    const either = z.union([
      z.object({ farmId: z.string(), crop: z.undefined().optional() }),
      z.object({ farmId: z.string().optional(), crop: z.string() }).required(),
    ]);
    const told = (input: unknown) => inputIssues(either.safeParse(input).error!);
    expect(told({ farmId: "x", crop: 1 })).toEqual([{ path: "crop", message: "must be left out" }]);
    expect(told({ crop: "x" })).toContainEqual({ path: "farmId", message: "must be given" });
  });

  it("is told of twenty parts at most", () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`${n}`, n]));
    expect(issuesOf({ price: { cents: 1 }, notes: many })).toHaveLength(20);
  });
});
