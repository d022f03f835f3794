import { describe, expect, it } from "vitest";
import { describeBackend, forecastSeasonalInThread } from "./in-thread.ts";

describe("a neural job in a thread", () => {
  it("tells which backend runs, and leaves this process as it was", async () => {
    const listeners = process.listenerCount("uncaughtException");
    expect(["node", "wasm", "cpu"]).toContain((await describeBackend()).name);
    expect((await describeBackend({ backends: ["cpu"] })).name).toBe("cpu");
    expect(process.listenerCount("uncaughtException")).toBe(listeners);
  });

  it("learns a season on plain arrays, and in TensorFlow.js where a backend is named", async () => {
    const isDemanded = Uint8Array.from({ length: 110 }, (_, week) => (week % 52 < 26 ? 1 : 0));
    const series = [{ product: 0, place: 0, startWeek: 0, isDemanded }];
    const options = { epochs: 1, windows: 4 };
    const plain = await forecastSeasonalInThread(series, options);
    const there = await forecastSeasonalInThread(series, { ...options, backends: ["wasm", "cpu"] });
    expect([plain, there].map(({ fit }) => fit.kind)).toEqual(["fitted", "fitted"]);
    plain.told[0]!.forEach((chance, at) => expect(Math.abs(chance - there.told[0]![at]!)).toBeLessThan(1e-3));
    await expect(forecastSeasonalInThread(series, { ...options, backends: [] })).rejects.toThrow(
      "no backend",
    );
  });

  it("answers too little data, throws what went wrong, and can be called off", async () => {
    const series = [{ product: 0, place: 0, startWeek: 0, isDemanded: new Uint8Array(80) }];
    expect((await forecastSeasonalInThread(series)).fit.kind).toBe("insufficient");
    await expect(describeBackend({ backends: [] })).rejects.toThrow("no backend");
    const reason = new Error("enough");
    await expect(forecastSeasonalInThread(series, { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
  });
});
