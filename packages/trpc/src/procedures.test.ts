import { AppError, systemClock } from "@almanac/kernel";
import { TRPCError } from "@trpc/server";
import { expect, it } from "vitest";
import type { RequestContext } from "./context.ts";
import { publicMessageOf } from "./errors.ts";
import { unlimited } from "./limits.ts";
import { createCallerFactory, procedure, router } from "./procedures.ts";
import { anonymousCaller } from "./rights.ts";

it("why a part is away stands in the log, and is not told to who asked", async () => {
  const cause = new Error("connect ECONNREFUSED 10.0.0.5:5432");
  const away = procedure("public").query(() => {
    throw new AppError("database_unavailable", "The database cannot be reached.", { cause });
  });
  const logged: [level: string, facts: Record<string, unknown>][] = [];
  const log = Object.fromEntries(
    ["debug", "info", "warn", "error"].map((level) => [
      level,
      (facts: Record<string, unknown>) => void logged.push([level, facts]),
    ]),
  );
  // Nothing else of a context is asked for by a procedure that is open to all.
  const context = {
    caller: anonymousCaller,
    clock: systemClock,
    limiter: unlimited,
    log,
    ip: "127.0.0.1",
    requestId: "request",
  } as unknown as RequestContext;
  const refused: unknown = await createCallerFactory(router({ away }))(context)
    .away()
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(TRPCError);
  expect(publicMessageOf(refused as TRPCError)).toBe("The database cannot be reached.");
  expect(logged).toMatchObject([["warn", { path: "away", reason: "database_unavailable", err: cause }]]);
});
