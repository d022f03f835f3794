import { MutationObserver, QueryClient } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";
import { takeIn } from "./loader-answers.ts";

const key = ["wishes"];
const answer = (data: string[]) => ({ key, data, scope: "wishes" });
const change = (queries: QueryClient, done: Promise<string[]>, scope = "wishes") =>
  new MutationObserver(queries, {
    scope: { id: scope },
    mutationFn: () => done,
    onSuccess: (data: string[]) => queries.setQueryData(key, data),
  }).mutate();

describe("what a loader has read", () => {
  it("is taken in, the first time and again", () => {
    const queries = new QueryClient();
    takeIn(queries, answer(["kale"]));
    expect(queries.getQueryData(key)).toEqual(["kale"]);
    takeIn(queries, answer(["kale", "leek"]));
    expect(queries.getQueryData(key)).toEqual(["kale", "leek"]);
  });

  it("is asked for again when something was changed since, as it may have been read before", async () => {
    const queries = new QueryClient();
    takeIn(queries, answer([]));
    await change(queries, Promise.resolve(["kale"]));
    takeIn(queries, answer([]));
    expect(queries.getQueryData(key)).toEqual(["kale"]);
    expect(queries.getQueryState(key)?.isInvalidated).toBe(true);
    // By the next answer all is told.
    takeIn(queries, answer(["kale", "leek"]), Date.now() + 1);
    takeIn(queries, answer(["kale", "leek"]), Date.now() + 2);
    expect(queries.getQueryData(key)).toEqual(["kale", "leek"]);
  });

  it("is taken in where something else was changed", async () => {
    const queries = new QueryClient();
    takeIn(queries, answer([]));
    await change(queries, Promise.resolve([]), "cart");
    takeIn(queries, answer(["leek"]));
    expect(queries.getQueryData(key)).toEqual(["leek"]);
  });

  it("gives way to a change that is under way", async () => {
    const queries = new QueryClient();
    takeIn(queries, answer([]));
    const { promise, resolve } = Promise.withResolvers<string[]>();
    const changing = change(queries, promise);
    takeIn(queries, answer(["leek"]));
    expect(queries.getQueryData(key)).toEqual([]);
    resolve(["kale"]);
    await changing;
    expect(queries.getQueryData(key)).toEqual(["kale"]);
  });
});
