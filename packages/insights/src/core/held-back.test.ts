import { expect, it } from "vitest";
import { heldBack } from "./held-back.ts";

it.each([
  { people: [10, 20, 0], held: [], because: "ten are enough, and nobody is no one" },
  { people: [9, 30, 20], held: [0, 2], because: "one alone follows from the whole" },
  { people: [40, 4, 3], held: [1, 2, 0], because: "so do two, who may be the same people" },
  { people: [9, 1], held: [0, 1], because: "the whole may have no more than nine" },
  { people: [], held: [], because: "there is nothing" },
])("holds back $held of $people: $because", ({ people, held }) => {
  expect(heldBack(people)).toEqual(new Set(held));
});
