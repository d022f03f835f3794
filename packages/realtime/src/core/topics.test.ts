import { newId, type FarmId, type ShopperId, type UserId } from "@almanac/kernel";
import { anonymousCaller, type Caller } from "@almanac/trpc";
import { describe, expect, it } from "vitest";
import { channelsOf, channelsOfAll, parseChannel, topicOf } from "./topics.ts";

const farmId = "01980000-0000-7000-8000-0000000000f1" as FarmId;
const otherFarmId = "01980000-0000-7000-8000-0000000000f2" as FarmId;
const shopperId = "01980000-0000-7000-8000-0000000000a1" as ShopperId;
const shopper: Caller = { ...anonymousCaller, shopperId };
const farmer: Caller = { ...shopper, kind: "user", farmIds: [farmId] };

describe("topics of the live lane", () => {
  it("gives a shopper the public part of a topic and the shopper's own", () => {
    expect(channelsOf("price_drops", shopper)).toEqual(["price_drops", `shopper:${shopperId}:price_drops`]);
    expect(channelsOf("price_drops", anonymousCaller)).toEqual(["price_drops"]);
  });

  it("keeps what is personal to the shopper, and gives nobody's to nobody", () => {
    expect(channelsOf("personalized", shopper)).toEqual([`shopper:${shopperId}:personalized`]);
    expect(channelsOf("cart", anonymousCaller)).toEqual([]);
  });

  it.each(["sales", "inventory", "insights"])(
    "lets only members and operators follow a farm's %s",
    (name) => {
      const topic = `farm:${farmId}:${name}`;
      expect(channelsOf(topic, farmer)).toEqual([topic]);
      expect(channelsOf(topic, { ...shopper, roles: ["operator"] })).toEqual([topic]);
      for (const caller of [
        anonymousCaller,
        shopper,
        { ...farmer, farmIds: [otherFarmId] },
        { ...farmer, scopes: [] },
      ]) {
        expect(() => channelsOf(topic, caller)).toThrow(expect.objectContaining({ code: "topic_forbidden" }));
      }
    },
  );

  it("lets anybody follow a farm, a market or a product", () => {
    for (const scope of ["farm", "market", "product"]) {
      expect(channelsOf(`${scope}:${farmId}`, anonymousCaller)).toEqual([`${scope}:${farmId}`]);
    }
  });

  it.each([
    "",
    "prices",
    "farm:x:sales",
    `farm:${farmId}:secrets`,
    `farm:${farmId}:sales:x`,
    `product:${farmId}:sales`,
    `shopper:${shopperId}`,
    `shopper:${shopperId}:personalized`,
    "system",
    "internal:sessions",
  ])("refuses %j as a topic", (topic) => {
    expect(() => channelsOf(topic, { ...farmer, roles: ["operator"] })).toThrow(
      expect.objectContaining({ code: "input_invalid" }),
    );
  });

  it("lets operators alone follow the monitor", () => {
    const operator = { ...farmer, userId: newId<UserId>(), roles: ["operator" as const] };
    expect(channelsOf("operate:monitor", operator)).toEqual(["operate:monitor"]);
    for (const caller of [anonymousCaller, farmer, { ...operator, scopes: ["farm.read" as const] }]) {
      expect(() => channelsOf("operate:monitor", caller)).toThrow(
        expect.objectContaining({ code: "topic_forbidden" }),
      );
    }
  });

  it("names each channel once, with what everybody receives", () => {
    expect(channelsOfAll(["trending", "trending"], anonymousCaller)).toEqual(["system", "trending"]);
  });

  it("takes a bare shopper as the shopper's personalised topic, and shows it under its plain name", () => {
    expect(parseChannel(`shopper:${shopperId}`)).toBe(`shopper:${shopperId}:personalized`);
    expect(topicOf(`shopper:${shopperId}:cart`)).toBe("cart");
    expect(topicOf(`farm:${farmId}:sales`)).toBe(`farm:${farmId}:sales`);
    expect(parseChannel(`shopper:${shopperId}:nothing`)).toBeUndefined();
  });
});
