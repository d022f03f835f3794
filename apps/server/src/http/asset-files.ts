import { readFile, readdir } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";
import type { FastifyInstance } from "fastify";
import { commonHeaders } from "./security-headers.ts";

const compress = promisify(brotliCompress);

const contentTypes: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".woff2": "font/woff2",
};
const isText = /^(text|application\/json|image\/svg)/;

/** Good and still quick: a file is packed once, for the first who asks. */
const quality = 9;

interface Asset {
  readonly bytes: Buffer;
  readonly type: string;
  packed?: Promise<Buffer>;
}

export interface AssetFolder {
  /** Has files only; a few megabytes. */
  readonly folder: string;
  readonly prefix: string;
  readonly maxAgeSeconds: number;
  /** Names carry the content's hash; where they do not, a browser may ask again within that time. */
  readonly isImmutable?: boolean;
}

/**
 * What the browser needs of a built app, or pictures, held in memory as it was when this process read it: pages that this process
 * has sent or will send find their files also after the app was built again on the disk.
 */
export async function registerAssets(
  app: FastifyInstance,
  { folder, prefix, maxAgeSeconds, isImmutable = true }: AssetFolder,
): Promise<void> {
  const assets = new Map<string, Asset>();
  const kept = `public, max-age=${maxAgeSeconds}${isImmutable ? ", immutable" : ""}`;
  for (const name of await readdir(folder)) {
    const type = contentTypes[extname(name)] ?? "application/octet-stream";
    assets.set(name, { bytes: await readFile(join(folder, name)), type });
  }
  app.get<{ Params: { name: string } }>(`${prefix}:name`, async (request, reply) => {
    const asset = assets.get(request.params.name);
    // Not kept: after a new build the page that asks reloads, and the name may come to be.
    if (!asset)
      return reply.code(404).header("cache-control", "no-store").type("text/plain").send("Not found.\n");
    reply.type(asset.type).headers({ ...commonHeaders, "cache-control": kept });
    if (!isText.test(asset.type)) return reply.send(asset.bytes);
    reply.header("vary", "accept-encoding");
    if (!/\bbr\b/.test(request.headers["accept-encoding"] ?? "")) return reply.send(asset.bytes);
    asset.packed ??= compress(asset.bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } });
    return reply.header("content-encoding", "br").send(await asset.packed);
  });
}
