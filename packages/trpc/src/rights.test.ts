import type { FarmId, MarketId, ShopperId, UserId } from "@almanac/kernel";
import { newId } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { anonymousCaller, denialOf, grantableRights, rights, type Caller } from "./rights.ts";

const user = newId<UserId>();
const person = (more: Partial<Caller> = {}): Caller => ({
  ...anonymousCaller,
  kind: "user",
  userId: user,
  ...more,
});
const visitor: Caller = { ...anonymousCaller, shopperId: newId<ShopperId>() };
const farmer = person({ farmIds: [newId<FarmId>()] });
const manager = person({ marketIds: [newId<MarketId>()] });
const analyst = person({ roles: ["analyst"] });
const operator = person({ roles: ["operator"] });

describe("rights", () => {
  const cases: [name: string, caller: Caller, allowed: string[]][] = [
    ["nobody", anonymousCaller, ["public", "shop"]],
    ["a visitor", visitor, ["public", "shop"]],
    ["a shopper with an account", person(), ["public", "shop", "account"]],
    ["a farmer", farmer, ["public", "shop", "account", "farm.read", "farm.write"]],
    ["a market manager", manager, ["public", "shop", "account", "market.manage"]],
    ["an analyst", analyst, ["public", "shop", "account", "analyse", "recommendations.any"]],
    ["an operator", operator, [...rights]],
  ];
  it.each(cases)("of %s are exactly these", (_name, caller, allowed) => {
    expect(rights.filter((right) => denialOf(caller, right) === undefined)).toEqual(allowed);
  });

  it("ask a stranger to sign in, and tell a person what is missing", () => {
    expect(denialOf(anonymousCaller, "account")).toBe("sign_in_required");
    expect(denialOf(person(), "operate.read")).toBe("right_missing");
  });

  it("of an API key end where its scopes end, and where its owner's do", () => {
    const key = (caller: Caller, scopes: Caller["scopes"]): Caller => ({
      ...caller,
      kind: "api-key",
      scopes,
    });
    expect(denialOf(key(operator, ["analyse"]), "operate.write")).toBe("right_missing");
    expect(denialOf(key(operator, ["analyse"]), "analyse")).toBeUndefined();
    expect(denialOf(key(person(), ["operate.write"]), "operate.write")).toBe("right_missing");
    expect(denialOf(key(person(), []), "public")).toBeUndefined();
    expect(denialOf(key(person(), []), "shop")).toBe("right_missing");
  });

  it("that a person can grant to a key are the person's own", () => {
    expect(grantableRights(farmer)).toEqual(["shop", "account", "farm.read", "farm.write"]);
  });
});
