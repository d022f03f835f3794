import { describe, expect, it } from "vitest";
import { forecastTypeOf, forecastTypes } from "./forecast-type.ts";
import { forecasters } from "./models/all.ts";
import { forecastPanel } from "./panel/forecast-panel.ts";

describe("the type of a forecast", () => {
  it("is one of linear, arima, prophet, lstm and ensemble", () => {
    expect(forecastTypes).toEqual(["linear", "arima", "prophet", "lstm", "ensemble"]);
  });

  it("is an ensemble where models are combined, whose members it names", () => {
    const values = Array.from({ length: 60 }, (_, t) => 20 + (t % 7) + 0.1 * t);
    const [combined] = forecastPanel([{ id: "tomato", values, season: 7, horizon: 7 }]);
    expect(forecastTypeOf(combined!.model)).toBe("ensemble");
    const names = ["pooled", ...forecasters.map(({ name }) => name)];
    expect(combined!.model.split("+").filter((name) => !names.includes(name))).toEqual([]);
    const [single] = forecastPanel([{ id: "tomato", values, season: 7, horizon: 7 }], { model: "arima" });
    expect(single!.model).toBe("arima");
  });

  it("is told of every single model", () => {
    const of = Map.groupBy(
      forecasters.map(({ name }) => name),
      forecastTypeOf,
    );
    expect(of.get("arima")).toEqual(["arima", "arima-average", "mstl-arima"]);
    expect([...of.keys()].toSorted()).toEqual(["arima", "linear"]);
    expect(["calendar", "lstm"].map(forecastTypeOf)).toEqual(["prophet", "lstm"]);
  });
});
