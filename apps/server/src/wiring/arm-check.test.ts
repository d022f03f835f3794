import type { ArmConfig } from "@almanac/experiments";
import { AppError } from "@almanac/kernel";
import type { LiveRanking, Reranker } from "@almanac/ranking/router";
import { describe, expect, it } from "vitest";
import { createArmCheck } from "./arm-check.ts";

const learned: Reranker = { algorithm: "learned_3", depth: 30, score: () => new Float64Array() };

const version = { number: 1 } as Awaited<ReturnType<LiveRanking["version"]>>;

const check = createArmCheck({
  ranking: {
    version: (number) =>
      number === 1
        ? Promise.resolve(version)
        : Promise.reject(new AppError("ranking_version_not_found", `There is no version ${number}.`)),
  },
  rerankers: {
    get: (number) => {
      if (number === 3) return Promise.resolve(learned);
      if (number === 4) return Promise.reject(new AppError("input_invalid", "fitted to other features"));
      if (number === 5) return Promise.reject(new TypeError("a bug"));
      return Promise.reject(
        new AppError("ranking_version_not_found", `There is no learned ranking ${number}.`),
      );
    },
  },
});

const refusalOf = (surface: "search" | "recommendations", config: ArmConfig) =>
  check(surface, { key: "b", name: "B", weight: 0.5, config }).then(
    () => undefined,
    (error: unknown) => error,
  );

describe("what an arm names", () => {
  it.each<["search" | "recommendations", ArmConfig]>([
    ["search", {}],
    ["search", { rankingVersion: 1, reranker: 3 }],
    ["search", { columns: 3, isWarm: true }],
    ["recommendations", { recommender: "item-knn" }],
    ["recommendations", { recommendations: false }],
  ])("is there, on %s: %j", async (surface, config) => {
    expect(await refusalOf(surface, config)).toBeUndefined();
  });

  it.each<["search" | "recommendations", ArmConfig, string]>([
    ["search", { reranker: 9 }, "There is no learned ranking 9."],
    ["search", { reranker: "3" }, "It has to be a number."],
    ["search", { reranker: 4 }, "fitted to other features"],
    ["search", { rankingVersion: 7, reranker: 3 }, "There is no version 7."],
    ["recommendations", { recommender: "oracle" }, "There are control, item-knn"],
  ])("is not there, on %s: %j, and is refused with arm and reason", async (surface, config, why) => {
    const refusal = await refusalOf(surface, config);
    expect(refusal).toMatchObject({ code: "experiment_arm_unknown", details: { arm: "b" } });
    expect((refusal as Error).message).toContain(why);
  });

  it("lets a bug through as what it is", async () => {
    expect(await refusalOf("search", { reranker: 5 })).toBeInstanceOf(TypeError);
  });
});
