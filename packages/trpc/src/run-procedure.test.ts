import { AppError } from "@almanac/kernel";
import type { AnyProcedure } from "@trpc/server";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { RequestContext } from "./context.ts";
import { silentLogger } from "./context.ts";
import { unlimited } from "./limits.ts";
import { procedure, router } from "./procedures.ts";
import { anonymousCaller } from "./rights.ts";
import { runProcedure, type ProcedureCall } from "./run-procedure.ts";

const ctx = {
  caller: anonymousCaller,
  limiter: unlimited,
  log: silentLogger,
  requestId: "r",
  ip: "10.0.0.1",
} as unknown as RequestContext;

const shelf = router({
  plain: procedure("public").query(({ path, batchIndex }) => ({ path, batchIndex })),
  input: procedure("public")
    .input(z.object({ name: z.string() }))
    .input(z.object({ size: z.number().default(3) }))
    .mutation(({ input }) => input),
  output: procedure("public")
    .output(z.object({ kept: z.string() }))
    .query(() => ({ kept: "yes", secret: "no" })),
  context: procedure("public")
    .use(({ next, ctx: given }) => next({ ctx: { shelf: `${given.requestId}-7` } }))
    .query(({ ctx: given }) => [given.shelf, given.ip]),
  raw: procedure("public")
    .use(async ({ next, getRawInput }) => next({ input: [await getRawInput(), "seen"] }))
    .query(({ input }) => input as unknown),
  refuses: procedure("public").query(() => {
    throw new AppError("product_not_found", "There is no such product.");
  }),
  fails: procedure("public").query(() => {
    throw new Error("a secret of ours");
  }),
  denied: procedure("account").query(() => "never"),
  stream: procedure("public").subscription(async function* () {
    yield 1;
    yield 2;
  }),
  signal: procedure("public").query(({ signal }) => signal?.aborted),
});

const procedures: Readonly<Record<string, AnyProcedure>> = shelf._def.procedures;

function call(path: string, input: unknown): ProcedureCall {
  const { type } = procedures[path]!._def;
  return { path, type, ctx, input, batchIndex: 2, signal: AbortSignal.abort() };
}

/** What came of it, in a form that two ways can be compared by. */
async function outcomeOf(made: Promise<unknown>): Promise<unknown> {
  try {
    const data = await made;
    return { data: isAsyncIterable(data) ? await listOf(data) : data };
  } catch (error) {
    const { name, message, code, cause } = error as { cause?: unknown } & Record<string, unknown>;
    return { name, message, code, cause };
  }
}

async function listOf(values: AsyncIterable<unknown>): Promise<unknown[]> {
  const list: unknown[] = [];
  for await (const value of values) list.push(value);
  return list;
}

const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === "object" && value !== null && Symbol.asyncIterator in value;

function byTrpc(path: string, input: unknown): Promise<unknown> {
  const getRawInput = (): Promise<unknown> => Promise.resolve(input);
  return procedures[path]!({ ...call(path, input), getRawInput } as never);
}

describe("running a procedure without tRPC's copies", () => {
  const cases: [path: string, input: unknown][] = [
    ["plain", undefined],
    ["input", { name: "Fern" }],
    ["input", { name: "Fern", size: 9 }],
    ["input", { name: 7 }],
    ["input", { name: "Fern", size: "big" }],
    ["output", undefined],
    ["context", undefined],
    ["raw", "as given"],
    ["refuses", undefined],
    ["fails", undefined],
    ["denied", undefined],
    ["stream", undefined],
    ["signal", undefined],
  ];

  it.each(cases)("answers as tRPC's own caller does: %s with %j", async (path, input) => {
    const own = await outcomeOf(runProcedure(procedures[path]!, call(path, input)));
    expect(own).toEqual(await outcomeOf(byTrpc(path, input)));
  });

  it("takes the quick way for a procedure of ours, so that these comparisons mean something", async () => {
    const untouched = Object.assign(() => Promise.reject(new Error("called as it is")), {
      _def: procedures["plain"]!._def,
    }) as unknown as AnyProcedure;
    await expect(runProcedure(untouched, call("plain", undefined))).resolves.toMatchObject({ path: "plain" });
  });

  it("calls a procedure as it is when its inside is not known", async () => {
    const strange = Object.assign((given: { path: string }) => Promise.resolve(given.path), {
      _def: { type: "query" },
    }) as unknown as AnyProcedure;
    await expect(runProcedure(strange, call("plain", undefined))).resolves.toBe("plain");
  });

  it("makes no signal for a procedure that does not ask for one", async () => {
    const { path, type, input, batchIndex } = call("plain", undefined);
    const untouched: ProcedureCall = {
      path,
      type,
      ctx,
      input,
      batchIndex,
      get signal(): AbortSignal {
        throw new Error("nobody asked");
      },
    };
    await expect(runProcedure(procedures["plain"]!, untouched)).resolves.toEqual({ path, batchIndex });
    await expect(runProcedure(procedures["signal"]!, untouched)).rejects.toThrow("nobody asked");
  });
});
