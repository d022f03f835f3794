import { seededRng } from "@almanac/kernel";
import { beforeAll, describe, expect, it } from "vitest";
import { fillTinyShop, HttpCaller, startServerProcess, tinyShopFolder } from "../testing/server-process.ts";

const addresses =
  "/trpc/search.query,/trpc/cart.add,/trpc/orders.place,/trpc/events.track,/trpc/a.b,/trpc/cart.get%2Ccart.get,/api/recommendations,/api/recommendations/frequently-bought-together,/api/realtime/events,/api/realtime/ticket,/api/auth/sign-in/email,/api/auth/sign-up/email,/api/nope,/images/x/y.webp,/pictures/..%2f..%2fetc/passwd,/search,/products/%00,/products/x,/orders/A-1,/cart,/checkout,/portal/farms/x,/portal/admin,/ws/recommendations,/%E0%A4%A".split(
    ",",
  );
const inputs = [
  "{}",
  "{",
  "null",
  "[]",
  "%",
  '{"q":1}',
  '{"limit":-1}',
  '{"0":{"q":"a"}}',
  '"\\u0000"',
  '{"limit":1e99}',
];
const bodies = [
  "",
  "{",
  "null",
  "[]",
  "x".repeat(2_000),
  '{"events":[{}]}',
  '{"email":{"$ne":1}}',
  "intent=add&quantity=-1",
];
const types = ["application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"];

beforeAll(fillTinyShop);

describe("over HTTP", () => {
  it("six hundred malformed requests get an answer that says so, never a failure of ours", async () => {
    await using folder = await tinyShopFolder();
    const server = await startServerProcess(folder.path, { RATE_LIMIT_FACTOR: "1000" });
    const rng = seededRng(451);
    const failures: string[] = [];
    const farmer = new HttpCaller(server.url);
    await farmer.signIn("tomas@demo.example");
    for (let n = 0; n < 600; n++) {
      const method = rng.pick(["GET", "GET", "POST", "POST", "PUT", "DELETE", "PATCH"]);
      const query =
        rng.next() < 0.6 ? `?input=${encodeURIComponent(rng.pick(inputs))}&userId=x&adminKey=k` : "";
      const headers: Record<string, string> = { "content-type": rng.pick(types) };
      if (rng.next() < 0.8) headers["origin"] = server.url;
      if (rng.next() < 0.2) headers["authorization"] = "Bearer alm_nope";
      const stopped = new AbortController();
      const path = `${rng.pick(addresses)}${query}`;
      const response = await farmer.fetch(path, {
        method,
        headers,
        signal: stopped.signal,
        ...(method === "GET" ? {} : { body: rng.pick(bodies) }),
      });
      if (response.status >= 500)
        failures.push(`${method} ${path} ${JSON.stringify(headers)}: ${response.status}`);
      // An event stream would not end by itself.
      stopped.abort();
    }
    expect(failures).toEqual([]);
    expect(server.output()).not.toMatch(/\n\s+at /);
    await server.end("SIGTERM");
  });
});
