import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { fitCollaborative } from "./fit-collaborative.ts";
import { collaborativeScorer, parseCollaborative, serializeCollaborative } from "./model.ts";
import { fitTasteVectors } from "./taste-vectors.ts";
import { userFeatureNames, userFeatures, type Choice } from "./user-features.ts";

const day = 86_400_000;

/** Two crowds: one chooses among the first half of the things, the other among the second. */
function twoCrowds(people = 120, itemCount = 30) {
  const rng = seededRng(3);
  const chosen = Array.from({ length: people }, (_, user) => {
    const from = user % 2 === 0 ? 0 : itemCount / 2;
    return [...new Set(Array.from({ length: 8 }, () => from + rng.int(itemCount / 2)))];
  });
  const starts = Int32Array.from({ length: people + 1 }, (_, user) =>
    chosen.slice(0, user).reduce((sum, list) => sum + list.length, 0),
  );
  const items = Int32Array.from(chosen.flat());
  const tastes = fitTasteVectors({ starts, items }, itemCount, 24);
  const told = chosen.map((list, user) =>
    userFeatures(
      list.map((item, at): Choice => ({ item, at: (user + at) * day, basket: at })),
      tastes,
      400 * day,
    ),
  );
  const features = Float32Array.from(told.flatMap((own) => [...own]));
  return { itemCount, starts, items, features, featureNames: userFeatureNames, told, tastes };
}

describe("what is told of a person", () => {
  it("is 30 to 50 named numbers, all finite, none of them of a choice after now", () => {
    const { tastes } = twoCrowds();
    expect(userFeatureNames).toHaveLength(44);
    expect(new Set(userFeatureNames).size).toBe(44);
    const past: Choice[] = [
      { item: 1, at: 10 * day, basket: 1 },
      { item: 2, at: 40 * day, basket: 2 },
    ];
    const plain = userFeatures(past, tastes, 50 * day);
    expect(plain.every(Number.isFinite)).toBe(true);
    expect(userFeatures([...past, { item: 9, at: 50 * day, basket: 3 }], tastes, 50 * day)).toEqual(plain);
    expect(userFeatures([], tastes, 0)).toEqual(new Float32Array(44));
    const share = (name: string): number => plain[userFeatureNames.indexOf(name)]!;
    expect([share("share in January"), share("share in February")]).toEqual([0.5, 0.5]);
  });
});

describe("neural collaborative filtering", () => {
  it("tells the crowds apart, also for somebody it has not seen, the same for a seed", () => {
    const data = twoCrowds();
    const fit = () => fitCollaborative(data, { epochs: 12, batch: 256, rate: 0.01 });
    const model = fit();
    expect(fit()).toEqual(model);
    const newcomer = userFeatures(
      [
        { item: 20, at: 0, basket: 0 },
        { item: 25, at: day, basket: 1 },
      ],
      data.tastes,
      2 * day,
    );
    const scores = collaborativeScorer(model)(newcomer);
    const meanOf = (list: Float32Array): number => list.reduce((sum, value) => sum + value, 0) / list.length;
    expect(meanOf(scores.subarray(15))).toBeGreaterThan(meanOf(scores.subarray(0, 15)) + 1);
  });

  it("comes back from text, and answers the same", () => {
    const data = twoCrowds(20, 10);
    const model = fitCollaborative(data, { epochs: 1 });
    const again = parseCollaborative(serializeCollaborative(model));
    expect(collaborativeScorer(again)(data.told[0]!)).toEqual(collaborativeScorer(model)(data.told[0]!));
    expect(() => collaborativeScorer(model)(new Float32Array(43))).toThrow("as many numbers");
  });

  it("refuses a text that is no model", () => {
    for (const [text, why] of [
      ["[", "not a JSON object"],
      ['{"format":"x"}', "its format"],
      ['{"format":"almanac-collaborative-1","featureNames":["a"],"itemCount":2,"tables":{}}', "another size"],
    ] as const)
      expect(() => parseCollaborative(text)).toThrow(why);
  });
});
