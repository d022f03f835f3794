import { denialOf, type Caller, type Right } from "@almanac/trpc";
import { idFromName, seededRng, type FarmId, type MarketId } from "@almanac/kernel";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nearValidInput, validInput, type ValuesOf } from "../testing/near-valid-inputs.ts";
import { farmOf, openWorldCalls, riverside, type WorldCalls } from "../testing/world-calls.ts";
import { worldValues } from "../testing/world-values.ts";

let world: WorldCalls;

beforeAll(async () => {
  world = await openWorldCalls();
});

afterAll(() => world.close());

/** @returns the refusal's reason, or "ok" */
const call = async (path: string, caller: Caller, input: unknown): Promise<string> =>
  (await world.outcomeOf(path, caller, input)).reason;

describe("every procedure", () => {
  it("refuses exactly those callers who lack its right", async () => {
    const callers: [string, Caller][] = [
      ["anonymous", { kind: "anonymous", roles: [], farmIds: [], marketIds: [] }],
      ["shopper", await world.callerOf("maya")],
      ["other farmer", await world.callerOf("fern", { farmIds: [farmOf("fern-bank")] })],
      [
        "manager of another market",
        await world.callerOf("rosa", { marketIds: [idFromName<MarketId>("none", "x")] }),
      ],
      ["operator", await world.callerOf("ines", { roles: ["operator", "analyst"] })],
    ];
    const wrong: string[] = [];
    for (const [path, { right }] of world.paths()) {
      for (const [name, caller] of callers) {
        const expected = denialOf(caller, right);
        const reason = await call(path, caller, undefined);
        const refused = reason === "sign_in_required" || reason === "right_missing" ? reason : undefined;
        if (refused !== expected)
          wrong.push(`${path} as ${name}: ${reason}, expected ${expected ?? "to pass the gate"}`);
        if (reason === "invariant_failed") wrong.push(`${path} as ${name} fails`);
      }
    }
    expect(wrong).toEqual([]);
    expect(world.paths().size).toBeGreaterThan(60);
  });

  it("that weighs most asks an operator without a fresh password, and lets no key in", async () => {
    const operator = await world.callerOf("ines", {
      roles: ["operator", "analyst"],
      sessionId: crypto.randomUUID(),
    });
    const wrong: string[] = [];
    const weighty = [...world.paths()].filter(([, { stepUp }]) => stepUp);
    for (const [path, { right }] of weighty) {
      const asked = await call(path, operator, undefined);
      if (asked !== "step_up_required") wrong.push(`${path} as operator: ${asked}`);
      const byKey = await call(path, { ...operator, kind: "api-key", scopes: [right] }, undefined);
      if (byKey !== "right_missing") wrong.push(`${path} by key: ${byKey}`);
    }
    expect(wrong).toEqual([]);
    expect(weighty.map(([path]) => path)).toEqual(
      expect.arrayContaining(["admin.queue.clear", "admin.stats.reset", "admin.users.grant"]),
    );
  });

  it("called with a key passes exactly where the key has the scope and its owner the right", async () => {
    const operator = await world.callerOf("ines", { roles: ["operator", "analyst"] });
    const wrong: string[] = [];
    for (const [path, { right, stepUp }] of world.paths()) {
      if (stepUp) continue;
      for (const scopes of [["farm.read"], ["operate.read"], ["shop", "account"]] as const) {
        const key: Caller = { ...operator, kind: "api-key", scopes };
        const reason = await call(path, key, undefined);
        const isOpen = right === "public" || (scopes as readonly string[]).includes(right);
        // What only a person in person may do refuses keys after the gate, with the same word.
        if (!isOpen && reason !== "right_missing") wrong.push(`${path} with ${scopes.join("+")}: ${reason}`);
        if (reason === "invariant_failed") wrong.push(`${path} with ${scopes.join("+")} fails`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("of a farm says to another farm's member that there is no such farm", async () => {
    const fern = await world.callerOf("fern", { farmIds: [farmOf("fern-bank")] });
    const wrong: string[] = [];
    for (const [path, { right }] of world.paths()) {
      if (right !== "farm.read" && right !== "farm.write") continue;
      const reason = await call(path, fern, { farmId: farmOf("hollow-oak") });
      if (reason !== "farm_not_found" && reason !== "input_invalid") wrong.push(`${path}: ${reason}`);
    }
    expect(wrong).toEqual([]);
  });

  it("of a farm or market that is none says so to an operator too", async () => {
    const operator = await world.callerOf("ines", { roles: ["operator", "analyst"] });
    const none = {
      farmId: idFromName<FarmId>("none", "farm"),
      marketId: idFromName<MarketId>("none", "market"),
    };
    const expected = new Map([
      ["farm.read", "farm_not_found"],
      ["farm.write", "farm_not_found"],
      ["market.manage", "market_not_found"],
    ]);
    const wrong: string[] = [];
    for (const [path, { right }] of world.paths()) {
      if (!expected.has(right)) continue;
      const reason = await call(path, operator, none);
      if (reason !== expected.get(right) && reason !== "input_invalid") wrong.push(`${path}: ${reason}`);
    }
    expect(wrong).toEqual([]);
  });

  it("meets what is nearly right with a refusal that tells nothing of our inside, never with a failure", async () => {
    const rng = seededRng(20_260_816);
    const [all, hollowOaks] = [
      await worldValues(world.test.handle),
      await worldValues(world.test.handle, farmOf("hollow-oak")),
    ];
    const tomas = await world.callerOf("tomas", { farmIds: [farmOf("hollow-oak")] });
    const rosa = await world.callerOf("rosa", { marketIds: [riverside] });
    const ines = await world.callerOf("ines", { roles: ["operator", "analyst"] });
    const maya = await world.callerOf("maya");
    const callerFor = (right: Right): Caller => {
      if (right.startsWith("farm.")) return tomas;
      if (right === "market.manage") return rosa;
      return right === "public" || right === "shop" || right === "account" ? maya : ines;
    };
    const failures: string[] = [];
    for (const [path, { right, limit }] of world.paths()) {
      // What costs seconds each time is left out.
      if (limit === "heavy") continue;
      const caller = callerFor(right);
      const own: ValuesOf = (field) => {
        if (field === "farmId" && caller === tomas) return caller.farmIds;
        if (field === "marketId" && caller === rosa) return caller.marketIds;
        return (caller === tomas ? hollowOaks.get(field) : undefined) ?? all.get(field) ?? [];
      };
      for (let n = 0; n < 3; n++) {
        const made = validInput(world.inputsOf(path), rng, own);
        const input = n === 1 ? made.value : nearValidInput(made, rng, own);
        const { reason, message } = await world.outcomeOf(path, caller, input);
        if (reason === "invariant_failed" || insideWords.test(message))
          failures.push(`${path}(${JSON.stringify(input)?.slice(0, 300)}): ${reason}, ${message}`);
      }
    }
    expect(failures).toEqual([]);
  }, 300_000);

  it("of a farm, named with what is another farm's, gives and changes nothing of it", async () => {
    const rng = seededRng(451);
    const fern = await world.callerOf("fern", { farmIds: [farmOf("fern-bank")] });
    const [foreign, all] = [
      await worldValues(world.test.handle, farmOf("hollow-oak")),
      await worldValues(world.test.handle),
    ];
    const theirs = new Set([...foreign].flatMap(([field, found]) => (field.endsWith("Id") ? found : [])));
    const valuesOf: ValuesOf = (field) =>
      field === "farmId" ? fern.farmIds : (foreign.get(field) ?? all.get(field) ?? []);
    const before = await rowsOf(farmOf("hollow-oak"));
    const wrong: string[] = [];
    for (const [path, { right }] of world.paths()) {
      if (right !== "farm.read" && right !== "farm.write") continue;
      for (let n = 0; n < 3; n++) {
        const { value } = validInput(world.inputsOf(path), rng, valuesOf);
        const named = JSON.stringify(value).match(/[0-9a-f-]{36}/g) ?? [];
        if (!named.some((id) => theirs.has(id))) continue;
        const { reason, data } = await world.outcomeOf(path, fern, value);
        const told = (JSON.stringify(data) ?? "").match(/[0-9a-f-]{36}/g) ?? [];
        const given = told.filter((id) => theirs.has(id));
        if (given.length > 0) wrong.push(`${path}(${JSON.stringify(value)}) gives ${given.join(", ")}`);
        if (reason === "invariant_failed") wrong.push(`${path}(${JSON.stringify(value)}) fails`);
      }
    }
    expect(wrong).toEqual([]);
    expect(await rowsOf(farmOf("hollow-oak"))).toEqual(before);
  });
});

/** Words of a database or of an engine: none of a refusal. */
const insideWords =
  /\n\s+at |\.[jt]s:\d|Failed query|violates |syntax error|relation "|TypeError|Cannot read|\[object /;

/** How many rows of each table are a farm's, and the last transaction that wrote one of them. */
async function rowsOf(farmId: FarmId): Promise<unknown> {
  const { rows: tables } = await world.test.handle.client.query<{ name: string }>(
    `select table_name as name from information_schema.columns
     where table_schema = 'public' and column_name = 'farm_id' order by 1`,
  );
  const counts = tables.map(
    ({ name }) =>
      `select '${name}' as name, count(*)::int as rows, max(xmin::text::bigint)::int as wrote from "${name}" where farm_id = '${farmId}'`,
  );
  return (await world.test.handle.client.query(counts.join(" union all "))).rows;
}
