import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { HttpCaller, startServerProcess, temporaryFolder } from "../testing/server-process.ts";

/** Resolves everything but the packages of models, as if they had not been installed. */
const refuse = `
  import { registerHooks } from "node:module";
  const absent = /^(@almanac\\/(ml|neural)|@tensorflow\\/.*)(\\/.*)?$/;
  registerHooks({
    resolve(specifier, context, next) {
      if (!absent.test(specifier)) return next(specifier, context);
      throw Object.assign(new Error("Cannot find package '" + specifier + "'"), { code: "ERR_MODULE_NOT_FOUND" });
    },
  });`;
const withoutModels = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(refuse)}` };
const cli = fileURLToPath(new URL("../../../cli/src/main.ts", import.meta.url));

interface Health {
  readonly status: string;
  readonly parts: Readonly<Record<string, { readonly status: string; readonly detail?: string }>>;
}

describe("a machine on which no package of models is installed", () => {
  it(
    "opens, shows, finds, recommends and sells, and says on /health what is missing",
    { timeout: 180_000 },
    async () => {
      await using folder = await temporaryFolder();
      const server = await startServerProcess(folder.path, withoutModels);
      const shopper = new HttpCaller(server.url);
      try {
        expect((await shopper.fetch("/")).status).toBe(200);
        const found = await shopper.query("search.query", { q: "tomato", limit: 5 });
        const [first] = (found.data["hits"] as { card: { variantId: string } }[]).map(({ card }) => card);
        expect((await shopper.query("recsys.home")).status).toBe(200);
        expect((await shopper.mutate("cart.add", { variantId: first!.variantId, quantity: 1 })).status).toBe(
          200,
        );
        const { data } = await shopper.query("checkout.slots", {});
        const slot = (data["slots"] as { id: string; placesLeft: number }[]).find(
          ({ placesLeft }) => placesLeft > 0,
        );
        const placed = await shopper.mutate("orders.place", {
          pickupSlotId: slot!.id,
          idempotencyKey: "without-1",
        });
        expect(placed.status).toBe(200);

        const health = (await (await shopper.fetch("/health")).json()) as Health;
        expect(health.parts["models"]).toMatchObject({
          status: "DEGRADED",
          detail: "the mathematics of models cannot be loaded",
        });
        const others = Object.entries(health.parts).filter(([name]) => name !== "models");
        expect(others.filter(([, { status }]) => status === "UNHEALTHY")).toEqual([]);

        await shopper.signIn("maya@demo.example");
        const asked = await shopper.mutate("ml.predict", { name: "churn", input: {} });
        expect(asked).toMatchObject({ status: 503, reason: "model_not_serving" });
        expect((await shopper.query("insights.me")).status).toBe(200);
      } finally {
        await server.end("SIGTERM");
      }
    },
  );

  it(
    "is told so by almanac doctor, which finds it fit to run all the same",
    { timeout: 90_000 },
    async () => {
      const child = spawn(process.execPath, [cli, "doctor"], {
        env: { NODE_ENV: "test", PATH: process.env["PATH"], ...withoutModels },
        stdio: ["ignore", "pipe", "ignore"],
      });
      let printed = "";
      child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
      const code = await new Promise((resolve) => child.once("exit", resolve));
      const { findings } = JSON.parse(printed) as { findings: { part: string; state: string }[] };
      expect(code).toBe(0);
      for (const part of ["models", "TensorFlow.js"])
        expect(findings.find((finding) => finding.part === part)).toMatchObject({ state: "missing" });
    },
  );
});
