import { describe, expect, it } from "vitest";
import { dataFolder, EnvError, envSchema, readEnv } from "./env.ts";
import { retiredVariables } from "./retired-variables.ts";

describe("the environment", () => {
  it("needs nothing to run embedded", () => {
    expect(readEnv({})).toMatchObject({ PORT: 3000, ALMANAC_ROLE: "all", ALMANAC_DEMO: "on" });
  });

  it("takes an empty variable for one that is not set", () => {
    expect(readEnv({ DATABASE_URL: "", PORT: "" }).PORT).toBe(3000);
  });

  it.each([
    [{ PORT: "abc" }, "PORT"],
    [{ ALMANAC_ROLE: "worker" }, "ALMANAC_ROLE"],
    [{ NODE_ENV: "production" }, "AUTH_SECRET"],
    [{ NODE_ENV: "production", AUTH_SECRET: "short" }, "AUTH_SECRET"],
    [{ ALMANAC_CLOCK: "yesterday" }, "ALMANAC_CLOCK"],
  ])("refuses %o and names %s", (variables, name) => {
    expect(() => readEnv(variables)).toThrow(EnvError);
    expect(() => readEnv(variables)).toThrow(name);
  });

  it("refuses well-known database passwords in production, without repeating them", () => {
    const variables = {
      NODE_ENV: "production",
      AUTH_SECRET: "x".repeat(40),
      DATABASE_URL: "postgres://almanac:password@db/almanac",
    };
    expect(() => readEnv(variables)).toThrow(/default password/);
    expect(() => readEnv(variables)).not.toThrow(/almanac:password/);
  });

  it("says once of a variable of old that it is not read, and what holds, without its value", () => {
    const variables = {
      PORT: "3000",
      RECOMMENDATION_CACHE_TTL: "3600000",
      WS_PORT: "",
      ADMIN_SECRET_KEY: "hush",
    };
    const said = retiredVariables(variables);
    expect(said.map((words) => words.split(" ")[0])).toEqual([
      "RECOMMENDATION_CACHE_TTL",
      "ADMIN_SECRET_KEY",
    ]);
    expect(said.join()).not.toMatch(/hush|3600000/);
    const read = Object.fromEntries(Object.keys(envSchema.shape).map((name) => [name, "set"]));
    expect(retiredVariables(read)).toEqual([]);
  });

  it("finds the data folder from where the command was called", () => {
    const env = readEnv({});
    expect(dataFolder(env, undefined, "/home/me")).toBe("/home/me/.data");
    expect(dataFolder(env, "market", "/home/me")).toBe("/home/me/market");
    expect(dataFolder(env, "/srv/market", "/home/me")).toBe("/srv/market");
  });
});
