import { sessions } from "@almanac/db/schema";
import { testDatabaseUrl } from "@almanac/db/testing";
import { hours, seededRng } from "@almanac/kernel";
import type { Caller, Right } from "@almanac/trpc";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { validInput, type ValuesOf } from "../testing/near-valid-inputs.ts";
import { farmOf, openWorldCalls, riverside, type WorldCalls } from "../testing/world-calls.ts";
import { worldValues } from "../testing/world-values.ts";

// With one connection, as the embedded database has, nothing happens at the same moment.
describe.skipIf(testDatabaseUrl() === undefined)("every change, on PostgreSQL", () => {
  let world: WorldCalls;

  beforeAll(async () => {
    world = await openWorldCalls("postgres");
  }, 120_000);
  afterAll(() => world.close());

  /** Somebody who may make all changes of their kind, and gave the password just now. */
  async function signedIn(who: string, more: Partial<Caller>): Promise<Caller> {
    const sessionId = crypto.randomUUID();
    const caller = await world.callerOf(who, { ...more, sessionId });
    const expiresAt = new Date(Date.now() + hours(1));
    await world.test.db
      .insert(sessions)
      .values({ id: sessionId, userId: caller.userId!, token: sessionId, expiresAt });
    return caller;
  }

  it("fails for none of four who make it at the same moment", async () => {
    const rng = seededRng(1_208);
    const all = await worldValues(world.test.handle);
    const hollowOaks = await worldValues(world.test.handle, farmOf("hollow-oak"));
    const tomas = await signedIn("tomas", { farmIds: [farmOf("hollow-oak")] });
    const rosa = await signedIn("rosa", { marketIds: [riverside] });
    const ines = await signedIn("ines", { roles: ["operator", "analyst"] });
    const maya = await signedIn("maya", {});
    const callerFor = (right: Right): Caller => {
      if (right.startsWith("farm.")) return tomas;
      if (right === "market.manage") return rosa;
      return right === "public" || right === "shop" || right === "account" ? maya : ines;
    };
    const changes = [...world.paths()].filter(([path]) => world.typeOf(path) === "mutation");
    const failures: string[] = [];
    for (const [path, { right, limit }] of changes) {
      // What costs seconds each time is left out; an account that is gone would refuse all that follows.
      if (limit === "heavy" && path !== "admin.insights.recompute") continue;
      const caller = callerFor(right);
      const own: ValuesOf = (field) => {
        if (field === "farmId" && caller === tomas) return caller.farmIds;
        if (field === "marketId" && caller === rosa) return caller.marketIds;
        return (caller === tomas ? hollowOaks.get(field) : undefined) ?? all.get(field) ?? [];
      };
      const { value } = validInput(world.inputsOf(path), rng, own);
      const outcomes = await Promise.all(
        Array.from({ length: 4 }, () => world.outcomeOf(path, caller, structuredClone(value))),
      );
      const reasons = outcomes.map(({ reason }) => reason);
      if (reasons.includes("invariant_failed"))
        failures.push(`${path}(${JSON.stringify(value)?.slice(0, 300)}): ${reasons.join(", ")}`);
    }
    expect(failures).toEqual([]);
    expect(changes.length).toBeGreaterThan(100);
  }, 120_000);
});
