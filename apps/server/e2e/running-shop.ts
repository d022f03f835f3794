import type { Browser } from "playwright-core";
import { access, cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, vi } from "vitest";
import {
  HttpCaller,
  startServerProcess,
  temporaryFolder,
  type ServerProcess,
} from "../src/testing/server-process.ts";
import { openBrowser, visit, type Visitor } from "./browser.ts";

const world = {
  ALMANAC_DEMO: "demo",
  ALMANAC_CLOCK: "2025-08-13T09:00:00-04:00",
  RATE_LIMIT_FACTOR: "100",
  // Who needs models has them learned: the first trainings would take more of the machine than most files of tests.
  FIRST_MODELS_AFTER_MINUTES: "100000",
};
const fillMs = 180_000;

export interface RunningShop {
  readonly url: string;
  /** The folder of its database and its models. */
  readonly dataDir: string;
  /** A person with a browser of their own, at 390 px unless told. */
  readonly open: (options?: Parameters<typeof visit>[2]) => Promise<Visitor>;
  /** The same, signed in as one of the demo's people without the page for it. */
  readonly openAs: (email: string, options?: Parameters<typeof visit>[2]) => Promise<Visitor>;
  /** A program that is signed in as one of the demo's people, or a new visitor. */
  readonly caller: (email?: string) => Promise<HttpCaller>;
  /** What somebody who knows a product's address can read of it. */
  readonly productOf: (slug: string) => Promise<ShopProduct>;
  /** Ends the server before the last tests do. @returns the folder of its database, to be looked into */
  readonly close: () => Promise<string>;
}

export interface ShopProduct {
  readonly id: string;
  readonly variantId: string;
  readonly farm: { readonly id: string };
}

/**
 * For one file of tests: a server process with the demo world on the Wednesday of the journeys (13 August 2025, 9:00 in New
 * York), and a browser. Both are there before the first test and gone after the last.
 */
export function useRunningShop(): RunningShop {
  let folder: Awaited<ReturnType<typeof temporaryFolder>> | undefined;
  let server: ServerProcess | undefined;
  let browser: Browser | undefined;

  beforeAll(async () => {
    folder = await temporaryFolder();
    const filled = await filledWorld();
    if (filled) await cp(filled, folder.path, { recursive: true });
    server = await startServerProcess(folder.path, world);
    browser = await openBrowser();
  }, 2 * fillMs);

  let isEnded = false;
  const endServer = async (): Promise<void> => {
    if (isEnded) return;
    isEnded = true;
    await server?.end("SIGTERM");
  };

  afterAll(async () => {
    await browser?.close();
    await endServer();
    await folder?.[Symbol.asyncDispose]();
  });

  const shop: RunningShop = {
    get url() {
      return server!.url;
    },
    get dataDir() {
      return folder!.path;
    },
    open: (options) => visit(browser!, shop.url, options),
    async openAs(email, options) {
      const visitor = await shop.open(options);
      const signedIn = await visitor.context.request.post("/api/auth/sign-in/email", {
        data: { email, password: "almanac-demo" },
        headers: { origin: shop.url },
      });
      if (!signedIn.ok()) throw new Error(`${email} could not sign in: ${signedIn.status()}`);
      return visitor;
    },
    async caller(email) {
      const caller = new HttpCaller(shop.url);
      if (email) await caller.signIn(email);
      else await caller.fetch("/");
      return caller;
    },
    async productOf(slug) {
      const { data } = await new HttpCaller(shop.url).query("products.get", { slug });
      return data as unknown as ShopProduct;
    },
    async close() {
      await endServer();
      return folder!.path;
    },
  };
  return shop;
}

/**
 * A folder with the demo world, filled once for all files of tests that `pnpm test` runs: the first fills it, another waits.
 *
 * @returns nothing where a file of tests is run by itself: then its server fills its own
 */
async function filledWorld(): Promise<string | undefined> {
  const shared = process.env["TEST_WORK_FOLDER"];
  if (!shared) return undefined;
  const path = join(shared, "demo-world");
  const whole = `${path}.whole`;
  if ((await mkdir(path, { recursive: true })) === undefined) {
    await vi.waitFor(() => access(whole), { timeout: fillMs, interval: 250 });
    return path;
  }
  const server = await startServerProcess(path, world);
  await server.end("SIGTERM");
  await writeFile(whole, "");
  return path;
}
