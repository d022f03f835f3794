import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAlmanacClient, reasonOf, type AlmanacClient } from "@almanac/client";
import { parseId, type FarmId } from "@almanac/kernel";
import { WebSocket } from "ws";
import {
  HttpCaller,
  startServerProcess,
  tinyShopFolder,
  type ServerProcess,
} from "../testing/server-process.ts";

const refusalOf = (call: Promise<unknown>): Promise<string | undefined> => call.then(() => "none", reasonOf);

describe("the typed client with a key", () => {
  let folder: Awaited<ReturnType<typeof tinyShopFolder>>;
  let server: ServerProcess;
  let ines: HttpCaller;

  beforeAll(async () => {
    folder = await tinyShopFolder();
    server = await startServerProcess(folder.path);
    ines = new HttpCaller(server.url);
    await ines.signIn("ines@demo.example");
  });

  afterAll(async () => {
    await server?.end("SIGTERM");
    await folder?.[Symbol.asyncDispose]();
  });

  const makeKey = async (
    scopes: readonly string[],
  ): Promise<{ client: AlmanacClient; id: string; key: string }> => {
    const { data, status } = await ines.mutate("apiKeys.create", { name: "outside", scopes });
    expect(status).toBe(200);
    const [id, key] = [String(data["id"]), String(data["key"])];
    return { client: createAlmanacClient({ url: server.url, apiKey: key }), id, key };
  };

  it("does what its scopes allow, and is refused elsewhere", async () => {
    const { client } = await makeKey(["account", "operate.read"]);
    expect((await client.me.get.query()).email).toBe("ines@demo.example");
    expect((await client.events.stats.query()).parked).toBe(0);
    const { hits } = await client.search.query.query({ q: "tomato" });
    expect(hits.length).toBeGreaterThan(0);
    const farmId = parseId<FarmId>(hits[0]!.card.farm.id);
    expect(await refusalOf(client.farmStock.levels.query({ farmId }))).toBe("right_missing");
    expect(await refusalOf(client.admin.clock.advance.mutate({ duration: "PT1H" }))).toBe("right_missing");
  });

  it("is refused as soon as its key is revoked", async () => {
    const { client, id } = await makeKey(["account"]);
    await client.me.get.query();
    expect((await ines.mutate("apiKeys.revoke", { id })).status).toBe(200);
    expect(await refusalOf(client.me.get.query())).toBe("api_key_invalid");
  });

  it.each(["/trpc", "/ws/recommendations"])(
    "loses its socket at %s when its key is revoked",
    async (path) => {
      const { key, id } = await makeKey(["account"]);
      const headers = { authorization: `Bearer ${key}` };
      const socket = new WebSocket(server.url.replace("http", "ws") + path, { headers });
      await once(socket, "open");
      const closed = once(socket, "close");
      expect((await ines.mutate("apiKeys.revoke", { id })).status).toBe(200);
      expect((await closed)[0]).toBe(4401);
    },
  );

  it.each(["socket", "events"] as const)("hears the live lane over its %s", async (live) => {
    const { key } = await makeKey(["shop", "account"]);
    const client = createAlmanacClient({ url: server.url, apiKey: key, live });
    await new Promise<void>((resolve, reject) => {
      const subscription = client.realtime.live.subscribe(
        { topics: ["trending"] },
        {
          onStarted: () => {
            subscription.unsubscribe();
            resolve();
          },
          onError: reject,
        },
      );
    });
  });
});
