import { describe, expect, it } from "vitest";
import { commitGroup } from "./commit-group.ts";

function recordingGroup({
  isRefused,
  maxWeight = 100,
}: { isRefused?: (item: number) => boolean; maxWeight?: number } = {}) {
  const commits: number[][] = [];
  const group = commitGroup<number, string>(
    async (items) => {
      commits.push([...items]);
      await Promise.resolve();
      if (isRefused && items.some(isRefused)) throw new Error("refused");
      return items.map((item) => `done ${item}`);
    },
    { maxWeight, weightOf: () => 1 },
  );
  return { commits, group };
}

describe("a group commit", () => {
  it("writes the first at once and together what comes meanwhile, and answers each with its own", async () => {
    const { commits, group } = recordingGroup();
    const answers = await Promise.all([1, 2, 3, 4].map((item) => group.add(item)));
    expect(commits).toEqual([[1], [2, 3, 4]]);
    expect(answers).toEqual(["done 1", "done 2", "done 3", "done 4"]);
  });

  it("bounds what is written together", async () => {
    const { commits, group } = recordingGroup({ maxWeight: 2 });
    await Promise.all([1, 2, 3, 4, 5, 6].map((item) => group.add(item)));
    expect(commits).toEqual([[1], [2, 3], [4, 5], [6]]);
  });

  it("fails the one that cannot be written, and nobody else", async () => {
    const { group } = recordingGroup({ isRefused: (item) => item === 3 });
    const settled = await Promise.allSettled([1, 2, 3, 4].map((item) => group.add(item)));
    expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
    expect(await group.add(5)).toBe("done 5");
  });

  it("takes a second group beside the first when a whole one waits, where that is allowed", async () => {
    const gates: PromiseWithResolvers<void>[] = [];
    const seen: number[][] = [];
    const group = commitGroup<number, number>(
      async (items) => {
        seen.push([...items]);
        const gate = Promise.withResolvers<void>();
        gates.push(gate);
        await gate.promise;
        return items;
      },
      { maxWeight: 3, weightOf: () => 1, maxGroups: 2 },
    );
    const answers = [1, 2, 3, 4, 5, 6].map((item) => group.add(item));
    expect(seen).toEqual([[1], [2, 3, 4]]);
    gates[0]?.resolve();
    await answers[0];
    await Promise.resolve();
    expect(seen).toEqual([[1], [2, 3, 4], [5, 6]]);
    for (const gate of gates) gate.resolve();
    expect(await Promise.all(answers)).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
