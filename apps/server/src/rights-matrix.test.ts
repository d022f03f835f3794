import {
  createCallerFactory,
  denialOf,
  declaredRights,
  silentLogger,
  unlimited,
  wireErrorOf,
  type Caller,
  type RequestContext,
} from "@almanac/trpc";
import type { AppRouter } from "@almanac/api-router";
import { openTestDatabase, type TestDatabase } from "@almanac/db/testing";
import { shoppers } from "@almanac/db/schema";
import { loadWorld } from "@almanac/demo";
import {
  idFromName,
  seededRng,
  systemClock,
  type FarmId,
  type MarketId,
  type Rng,
  type UserId,
} from "@almanac/kernel";
import { TRPCError } from "@trpc/server";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readEnv } from "./env.ts";
import { createServices, type Services } from "./services.ts";

let test: TestDatabase;
let services: Services;

beforeAll(async () => {
  test = await openTestDatabase();
  await loadWorld(test.handle, { size: "tiny", clock: systemClock });
  services = createServices({
    env: readEnv({}),
    handle: test.handle,
    clock: systemClock,
    log: silentLogger,
    secret: "a secret of the tests, thirty-two long",
    baseUrl: "http://localhost:3000",
  });
  await services.start({ isWorker: false });
});

afterAll(async () => {
  await services.stop();
});

const farmOf = (slug: string): FarmId => idFromName<FarmId>("demo/farm", slug);

async function callerOf(who: string, more: Partial<Caller> = {}): Promise<Caller> {
  const userId = idFromName<UserId>("demo/user", who);
  const [shopper] = await test.db.select().from(shoppers).where(eq(shoppers.userId, userId));
  return { kind: "user", userId, shopperId: shopper!.id, roles: [], farmIds: [], marketIds: [], ...more };
}

function contextOf(caller: Caller): RequestContext {
  return {
    caller,
    db: test.db,
    handle: test.handle,
    clock: systemClock,
    log: silentLogger,
    requestId: "test",
    traceId: "test",
    transport: "in-process",
    ip: "127.0.0.1",
    limiter: unlimited,
    ensureShopper: () => Promise.resolve(caller.shopperId ?? idFromName("test/visitor", "1")),
  };
}

/** Calls a procedure by its path. @returns the refusal's reason, "ok", or the category of what went wrong */
async function call(path: string, caller: Caller, input: unknown): Promise<string> {
  const api = createCallerFactory(services.appRouter)(contextOf(caller));
  const procedure = path.split(".").reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], api);
  try {
    const answer: unknown = await (procedure as (input: unknown) => Promise<unknown>)(input);
    if (isAsyncIterable(answer)) await answer[Symbol.asyncIterator]().return?.();
    return "ok";
  } catch (error) {
    if (error instanceof TRPCError) return wireErrorOf(error).reason;
    throw error;
  }
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

const paths = (): ReturnType<typeof declaredRights> => declaredRights(services.appRouter as AppRouter);

describe("every procedure", () => {
  it("refuses exactly those callers who lack its right", async () => {
    const callers: [string, Caller][] = [
      ["anonymous", { kind: "anonymous", roles: [], farmIds: [], marketIds: [] }],
      ["shopper", await callerOf("maya")],
      ["other farmer", await callerOf("fern", { farmIds: [farmOf("fern-bank")] })],
      [
        "manager of another market",
        await callerOf("rosa", { marketIds: [idFromName<MarketId>("none", "x")] }),
      ],
      ["operator", await callerOf("ines", { roles: ["operator", "analyst"] })],
    ];
    const wrong: string[] = [];
    for (const [path, { right }] of paths()) {
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
    expect(paths().size).toBeGreaterThan(60);
  });

  it("that weighs most asks an operator without a fresh password, and lets no key in", async () => {
    const operator = await callerOf("ines", {
      roles: ["operator", "analyst"],
      sessionId: crypto.randomUUID(),
    });
    const wrong: string[] = [];
    const weighty = [...paths()].filter(([, { stepUp }]) => stepUp);
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
    const operator = await callerOf("ines", { roles: ["operator", "analyst"] });
    const wrong: string[] = [];
    for (const [path, { right, stepUp }] of paths()) {
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
    const fern = await callerOf("fern", { farmIds: [farmOf("fern-bank")] });
    const wrong: string[] = [];
    for (const [path, { right }] of paths()) {
      if (right !== "farm.read" && right !== "farm.write") continue;
      const reason = await call(path, fern, { farmId: farmOf("hollow-oak") });
      if (reason !== "farm_not_found" && reason !== "input_invalid") wrong.push(`${path}: ${reason}`);
    }
    expect(wrong).toEqual([]);
  });

  it("of a farm or market that is none says so to an operator too", async () => {
    const operator = await callerOf("ines", { roles: ["operator", "analyst"] });
    const none = {
      farmId: idFromName<FarmId>("none", "farm"),
      marketId: idFromName<MarketId>("none", "market"),
    };
    const expected = new Map<string, string>([
      ["farm.read", "farm_not_found"],
      ["farm.write", "farm_not_found"],
      ["market.manage", "market_not_found"],
    ]);
    const wrong: string[] = [];
    for (const [path, { right }] of paths()) {
      if (!expected.has(right)) continue;
      const reason = await call(path, operator, none);
      if (reason !== expected.get(right) && reason !== "input_invalid") wrong.push(`${path}: ${reason}`);
    }
    expect(wrong).toEqual([]);
  });

  it("meets a thousand malformed calls with a refusal, never with a failure", async () => {
    const rng = seededRng(20_260_816);
    const operator = await callerOf("ines", {
      roles: ["operator", "analyst"],
      farmIds: [farmOf("hollow-oak")],
      marketIds: [idFromName<MarketId>("demo/market", "riverside")],
    });
    const names = [...paths().keys()];
    const failures: string[] = [];
    for (let n = 0; n < 1_000; n++) {
      const path = rng.pick(names);
      const input = malformedInput(rng);
      const reason = await call(path, operator, input);
      if (reason === "invariant_failed") failures.push(`${path}(${JSON.stringify(input)?.slice(0, 200)})`);
    }
    expect(failures).toEqual([]);
  });
});

const fieldNames =
  "farmId,marketId,productId,variantId,orderId,subOrderId,lineId,number,slug,id,q,query,limit,cursor,offset,quantity,stars,body,email,role,userId,name,scopes,topics,events,unitPriceCents,deltaBase,reason,idempotencyKey,pickupSlotId,marketDay,category,seq,checkoutId,kind,confirm,tracking,startsAt,endsAt,opensAt,closesAt,capacityOrders,windows,dataBase64,lastEventId".split(
    ",",
  );

/** Objects of known field names with values of the wrong kind, size or range, and some that are right. */
function malformedInput(rng: Rng): unknown {
  const values: unknown[] = [
    null,
    -1,
    0,
    1.5,
    Number.MAX_SAFE_INTEGER,
    1e308,
    "",
    "x".repeat(5_000),
    "' or 1=1 --",
    "\u0000",
    "../../etc/passwd",
    "<img src=x onerror=alert(1)>",
    "2025-13-45",
    "2025-08-16",
    "00000000-0000-0000-0000-000000000000",
    farmOf("hollow-oak"),
    idFromName("demo/market", "riverside"),
    [],
    [[]],
    {},
    { a: { b: 1 } },
    true,
    "😀".repeat(50),
  ];
  const whole = rng.next();
  if (whole < 0.08) return rng.pick(values);
  const input: Record<string, unknown> = {};
  if (rng.next() < 0.6) input["farmId"] = farmOf("hollow-oak");
  if (rng.next() < 0.6) input["marketId"] = idFromName("demo/market", "riverside");
  const count = 1 + rng.int(8);
  for (let i = 0; i < count; i++) input[rng.pick(fieldNames)] = rng.pick(values);
  return input;
}
