import type { ArmConfig, Surface } from "@almanac/experiments";
import type { ShopperId } from "@almanac/kernel";
import type { LearnedRerankers } from "@almanac/ranking/router";
import { describe, expect, it } from "vitest";
import { searchArms } from "./search-arms.ts";

const shopperId = "01980000-0000-7000-8000-0000000000a1" as ShopperId;

/** What searches get of a shopper for whom one experiment runs on each of these surfaces. */
const armWith = (running: Partial<Record<Surface, ArmConfig>>) =>
  searchArms({
    experiments: {
      chooseArm({ surface }) {
        const config = running[surface];
        if (!config) return Promise.resolve({ assignments: [], config: {} });
        const arm = { key: "b", name: "B", weight: 0.5, config };
        const assignment = {
          experimentId: surface,
          key: surface,
          arm,
          reason: "hashed",
          isPartaking: true,
        } as const;
        return Promise.resolve({ assignments: [assignment], config });
      },
    },
    rerankers: {} as LearnedRerankers,
  })({ shopperId, query: "tomato", now: new Date() });

describe("how a search is ranked", () => {
  it("is left to the live version where nothing runs", async () => {
    expect(await armWith({})).toBeUndefined();
    expect(await armWith({ recommendations: { recommender: "item-knn" } })).toBeUndefined();
  });

  it("is as for everybody for who is held out of recommendations, whatever runs on search", async () => {
    const heldOut = { recommendations: false };
    expect(await armWith({ recommendations: heldOut })).toEqual({ arm: "control", isPersonal: false });
    expect(await armWith({ recommendations: heldOut, search: { rankingVersion: 3 } })).toEqual({
      arm: "search/b",
      isPersonal: false,
      rankingVersion: 3,
    });
    expect(await armWith({ search: { rankingVersion: 3 } })).toMatchObject({ isPersonal: true });
  });
});
