import { describe, expect, it } from "vitest";
import { Turnstile } from "./turnstile.ts";

/** Work that notes when it starts and ends when told. */
function stage() {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    started.push(name);
    ends.set(name, () => resolve(name));
    return promise;
  };
  const end = async (name: string, result: Promise<string>) => {
    ends.get(name)?.();
    await result;
  };
  return { started, work, end };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("the turnstile of the one connection", () => {
  it("lets single statements pass together, and a transaction alone, in the order of arrival", async () => {
    const turnstile = new Turnstile();
    const { started, work, end } = stage();
    const a = turnstile.shared(work("a"));
    const b = turnstile.shared(work("b"));
    const alone = turnstile.alone(work("alone"));
    const c = turnstile.shared(work("c"));
    await turn();
    expect(started).toEqual(["a", "b"]);
    await end("a", a);
    await turn();
    expect(started).toEqual(["a", "b"]);
    await end("b", b);
    await turn();
    expect(started).toEqual(["a", "b", "alone"]);
    await end("alone", alone);
    await turn();
    expect(started).toEqual(["a", "b", "alone", "c"]);
    await end("c", c);
  });

  it("opens again after work that failed", async () => {
    const turnstile = new Turnstile();
    await expect(turnstile.alone(() => Promise.reject(new RangeError("no")))).rejects.toThrow(RangeError);
    expect(await turnstile.alone(async () => "next")).toBe("next");
  });
});
