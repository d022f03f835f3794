import { describe, expect, it } from "vitest";
import { chainHash, chainStart, findBrokenLink, type ChainedAct } from "./audit-chain.ts";

function chainOf(actions: readonly string[]): ChainedAct[] {
  let previousHash = chainStart;
  return actions.map((action, at) => {
    const act = {
      seq: at + 1,
      at: new Date(1_700_000_000_000 + at),
      actorUserId: null,
      action,
      subject: "v1",
      details: { percent: at, name: "churn" },
    };
    const hash = chainHash(act, previousHash);
    const chained = { ...act, previousHash, hash };
    previousHash = hash;
    return chained;
  });
}

describe("the chain of acts", () => {
  const acts = chainOf(["model.activated", "model.rolled_out", "model.rolled_back"]);

  it("holds as it was written, and when it is empty", () => {
    expect(findBrokenLink(acts)).toBeUndefined();
    expect(findBrokenLink([])).toBeUndefined();
  });

  it("does not mind in which order a database gives the details back", () => {
    const turned = acts.map((act) => ({
      ...act,
      details: Object.fromEntries(Object.entries(act.details).toReversed()),
    }));
    expect(findBrokenLink(turned)).toBeUndefined();
  });

  it.each([
    ["action", { action: "model.activated" }],
    ["subject", { subject: "v9" }],
    ["moment", { at: new Date(0) }],
    ["details", { details: { percent: 100 } }],
  ])("locates the entry whose %s was altered", (_, change) => {
    const altered = acts.map((act) => (act.seq === 2 ? { ...act, ...change } : act));
    expect(findBrokenLink(altered)).toEqual({ seq: 2, why: "entry 2 was altered" });
  });

  it("locates where one was taken out, and one that was hashed anew", () => {
    expect(findBrokenLink(acts.filter(({ seq }) => seq !== 2))).toMatchObject({ seq: 2 });
    const forged = { ...acts[1]!, action: "model.activated" };
    const rehashed = { ...forged, hash: chainHash(forged, forged.previousHash) };
    expect(findBrokenLink([acts[0]!, rehashed, acts[2]!])).toMatchObject({ seq: 3 });
  });
});
