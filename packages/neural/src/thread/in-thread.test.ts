import { describe, expect, it } from "vitest";
import { describeBackend, forecastSeasonalInThread } from "./in-thread.ts";

describe("a neural job in a thread", () => {
  it("tells which backend runs, and leaves this process as it was", async () => {
    const listeners = process.listenerCount("uncaughtException");
    expect(["node", "wasm", "cpu"]).toContain((await describeBackend()).name);
    expect((await describeBackend({ backends: ["cpu"] })).name).toBe("cpu");
    expect(process.listenerCount("uncaughtException")).toBe(listeners);
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
