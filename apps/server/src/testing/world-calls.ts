import {
  createCallerFactory,
  declaredRights,
  publicMessageOf,
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
import { idFromName, systemClock, type FarmId, type MarketId, type UserId } from "@almanac/kernel";
import { TRPCError } from "@trpc/server";
import { eq } from "drizzle-orm";
import type { $ZodType } from "zod/v4/core";
import { readEnv } from "../settings/env.ts";
import { createServices } from "../services.ts";

export interface Outcome {
  /** Of the refusal; "ok" for an answer. */
  readonly reason: string;
  readonly message: string;
  readonly data?: unknown;
}

/** All procedures over a small world, called by their paths as the people of that world. */
export interface WorldCalls {
  readonly test: TestDatabase;
  paths(): ReturnType<typeof declaredRights>;
  typeOf(path: string): string | undefined;
  /** What a procedure asks for: one schema for each `input` of its chain. */
  inputsOf(path: string): readonly $ZodType[];
  callerOf(who: string, more?: Partial<Caller>): Promise<Caller>;
  outcomeOf(path: string, caller: Caller, input: unknown): Promise<Outcome>;
  close(): Promise<void>;
}

export const riverside = idFromName<MarketId>("demo/market", "riverside");
export const farmOf = (slug: string): FarmId => idFromName<FarmId>("demo/farm", slug);

export async function openWorldCalls(driver: TestDatabase["driver"] = "pglite"): Promise<WorldCalls> {
  const test = await openTestDatabase(driver);
  await loadWorld(test.handle, { size: "tiny", clock: systemClock });
  const services = createServices({
    env: readEnv({}),
    handle: test.handle,
    clock: systemClock,
    log: silentLogger,
    secret: "a secret of the tests, thirty-two long",
    baseUrl: "http://localhost:3000",
  });
  await services.start({ isWorker: false });
  const router = services.appRouter as AppRouter;
  const createCaller = createCallerFactory(router);

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

  const definitionOf = (path: string): { inputs?: readonly $ZodType[]; type?: string } | undefined =>
    (router._def.procedures as unknown as Record<string, { _def: object } | undefined>)[path]?._def;

  return {
    test,
    paths: () => declaredRights(router),
    typeOf: (path) => definitionOf(path)?.type,
    inputsOf: (path) => definitionOf(path)?.inputs ?? [],
    async callerOf(who, more = {}) {
      const userId = idFromName<UserId>("demo/user", who);
      const [shopper] = await test.db.select().from(shoppers).where(eq(shoppers.userId, userId));
      return {
        kind: "user",
        userId,
        shopperId: shopper!.id,
        roles: [],
        farmIds: [],
        marketIds: [],
        ...more,
      };
    },
    async outcomeOf(path, caller, input) {
      const procedure = path
        .split(".")
        .reduce<unknown>(
          (at, name) => (at as Record<string, unknown>)[name],
          createCaller(contextOf(caller)),
        );
      try {
        const answer: unknown = await (procedure as (input: unknown) => Promise<unknown>)(input);
        if (!isAsyncIterable(answer)) return { reason: "ok", message: "", data: answer };
        await answer[Symbol.asyncIterator]().return?.();
        return { reason: "ok", message: "" };
      } catch (error) {
        if (error instanceof TRPCError)
          return { reason: wireErrorOf(error).reason, message: publicMessageOf(error) };
        throw error;
      }
    },
    async close() {
      await services.stop();
      await test.close();
    },
  };
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}
