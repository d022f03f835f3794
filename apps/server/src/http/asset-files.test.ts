import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { fastify } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { registerAssets } from "./asset-files.ts";

describe("the files of a built app", () => {
  let folder: string;
  const open = async (options: { isImmutable?: boolean } = {}) => {
    const app = fastify();
    await registerAssets(app, { folder, prefix: "/assets/", maxAgeSeconds: 60, ...options });
    return app;
  };
  const script = "export const answer = 42;\n".repeat(50);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "almanac-assets-"));
    await writeFile(join(folder, "root-abc123.js"), script);
    await writeFile(join(folder, "font.woff2"), Buffer.from([1, 2, 3]));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("are found after the app was built again under the running server", async () => {
    const app = await open();
    await rm(join(folder, "root-abc123.js"));
    await writeFile(join(folder, "root-def456.js"), "new");
    const answer = await app.inject("/assets/root-abc123.js");
    expect(answer).toMatchObject({ statusCode: 200, body: script });
    expect(answer.headers).toMatchObject({
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": "public, max-age=60, immutable",
    });
  });

  it("travel packed to those who can unpack them, fonts as they are", async () => {
    const app = await open();
    const headers = { "accept-encoding": "gzip, deflate, br" };
    const packed = await app.inject({ url: "/assets/root-abc123.js", headers });
    expect(packed.headers["content-encoding"]).toBe("br");
    expect(brotliDecompressSync(packed.rawPayload).toString()).toBe(script);
    const font = await app.inject({ url: "/assets/font.woff2", headers });
    expect(font.headers["content-encoding"]).toBeUndefined();
  });

  it("whose names carry no hash may be asked for again; pictures travel packed as well", async () => {
    await writeFile(join(folder, "tomato.svg"), "<svg></svg>");
    const app = await open({ isImmutable: false });
    const answer = await app.inject({ url: "/assets/tomato.svg", headers: { "accept-encoding": "br" } });
    expect(answer.headers).toMatchObject({
      "content-type": "image/svg+xml",
      "cache-control": "public, max-age=60",
      "content-encoding": "br",
    });
  });

  it("of another build are missed without being remembered as missing", async () => {
    const answer = await (await open()).inject("/assets/root-old.js");
    expect(answer.statusCode).toBe(404);
    expect(answer.headers["cache-control"]).toBe("no-store");
  });

  it.each(["..%2fserver%2findex.js", "%2e%2e%2fpackage.json"])(
    "are those of the folder only: %s",
    async (name) => {
      expect((await (await open()).inject(`/assets/${name}`)).statusCode).toBe(404);
    },
  );
});
