import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import {
  HttpCaller,
  startServerProcess,
  temporaryFolder,
  type ServerProcess,
} from "../../testing/server-process.ts";
import { openApiDocument, type OpenApiOperation } from "./openapi.ts";

interface Body {
  readonly content: { readonly "application/json": { readonly schema: object; readonly example: object } };
}

const document = openApiDocument("1.0.0");
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
);
const stream = "/api/realtime/events";

/** The schema that the document gives an answer of this status, as one that checks. */
function answerSchema({ responses }: OpenApiOperation, status: number): z.ZodType | undefined {
  const content = responses[status]?.content as Body["content"] | undefined;
  if (!content) return undefined;
  const whole = { ...content["application/json"].schema, components: document.components };
  const inlined: unknown = JSON.parse(JSON.stringify(whole).replaceAll("#/components/schemas/", "#/$defs/"));
  const { components, ...schema } = inlined as { components: { schemas: object } };
  return z.fromJSONSchema({ ...schema, $defs: components.schemas } as Parameters<typeof z.fromJSONSchema>[0]);
}

describe("the OpenAPI document", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let server: ServerProcess;
  let ines: HttpCaller;
  /** Ids of this world by the name of the parameter. */
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    folder = await temporaryFolder();
    server = await startServerProcess(folder.path);
    ines = new HttpCaller(server.url);
    await ines.signIn("ines@demo.example");
    const { data } = await ines.query("search.query", { limit: 1 });
    const [hit] = data["hits"] as { card: { id: string } }[];
    ids["productId"] = ids["entityId"] = hit!.card.id;
    ids["farmId"] = String((await ines.query("farms.get", { slug: "hollow-oak" })).data["id"]);
    const advice = await ines.query("advice.list", { farmId: ids["farmId"] });
    ids["adviceId"] = (advice.data["pending"] as { id: string; type: string }[]).find(
      ({ type }) => type === "BRING_TO_MARKET",
    )!.id;
  });

  afterAll(async () => {
    await server?.end("SIGTERM");
    await folder?.[Symbol.asyncDispose]();
  });

  const ofThisWorld = (example: object): Record<string, string> =>
    Object.fromEntries(Object.entries(example).map(([name, value]) => [name, ids[name] ?? value]));

  const callByExample = ({ path, method, operation }: (typeof operations)[number]): Promise<Response> => {
    const examples = (operation.parameters ?? []).flatMap(({ name, example }) =>
      example === undefined ? [] : [[name, example] as const],
    );
    const query = new URLSearchParams(ofThisWorld(Object.fromEntries(examples))).toString();
    const body = operation.requestBody as Body | undefined;
    return ines.fetch(query === "" ? path : `${path}?${query}`, {
      method,
      headers: { "content-type": "application/json", origin: server.url },
      ...(body && { body: JSON.stringify(ofThisWorld(body.content["application/json"].example)) }),
    });
  };

  it.each(operations)("describes what $method $path answers to its example", async (called) => {
    const { path, operation } = called;
    for (const { name, required, example } of operation.parameters ?? [])
      if (required) expect(example, `an example of ${name}`).toBeDefined();
    const response = await callByExample(called);
    if (path === stream) {
      expect([response.status, response.headers.get("content-type")]).toEqual([
        200,
        "text/event-stream; charset=utf-8",
      ]);
      return response.body?.cancel();
    }
    const body: unknown = await response.json();
    // A model of a world this small may not serve yet.
    const expected = path === "/api/ml/predict" ? [200, 503] : [200, 201, 202];
    expect(expected, JSON.stringify(body).slice(0, 300)).toContain(response.status);
    const schema = answerSchema(operation, response.status);
    expect(schema, `an answer of ${response.status}`).toBeDefined();
    const { error } = schema!.safeParse(body);
    expect(error?.issues.slice(0, 5)).toBeUndefined();
  });

  it("has a schema that refuses what is answered otherwise", () => {
    const { operation } = operations.find(({ path }) => path === "/api/search/personalized")!;
    const meta = { processingTime: 1, requestId: "r" };
    const schema = answerSchema(operation, 200)!;
    expect(schema.safeParse({ success: true, data: { total: -1 }, meta }).success).toBe(false);
    expect(schema.safeParse({ success: false, data: {}, meta }).success).toBe(false);
  });

  it("names every method that is served, and Allow the same ones to OPTIONS and to all others", async () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      const described = Object.keys(methods).map((method) => method.toUpperCase());
      const allow = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].filter(
        (method) =>
          method === "OPTIONS" ||
          described.includes(method) ||
          (method === "HEAD" && described.includes("GET") && path !== stream),
      );
      const asked = await ines.fetch(path, { method: "OPTIONS" });
      expect([asked.status, asked.headers.get("allow"), await asked.text()], path).toEqual([
        204,
        allow.join(", "),
        "",
      ]);
      for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"].filter((one) => !allow.includes(one))) {
        const refused = await ines.fetch(path, { method, headers: { origin: server.url } });
        expect([refused.status, refused.headers.get("allow")], `${method} ${path}`).toEqual([
          405,
          allow.join(", "),
        ]);
        expect(await refused.json()).toMatchObject({
          success: false,
          error: { code: "method_not_allowed" },
          meta: { requestId: expect.any(String) as string },
        });
      }
    }
  });

  it("is told of no methods at an address that is not known", async () => {
    for (const method of ["OPTIONS", "PUT"]) {
      const response = await ines.fetch("/api/nonsense", { method, headers: { origin: server.url } });
      expect([response.status, response.headers.get("allow")]).toEqual([404, null]);
    }
    const trailing = await ines.fetch("/api/search/ranking/", {
      method: "PATCH",
      headers: { origin: server.url },
    });
    expect(trailing.status).toBe(405);
  });

  it("is told that a calendar is read only", async () => {
    for (const [method, status] of [
      ["OPTIONS", 204],
      ["POST", 405],
      ["DELETE", 405],
    ] as const) {
      const response = await ines.fetch("/api/calendar/nobody.ics", {
        method,
        headers: { origin: server.url },
      });
      expect([response.status, response.headers.get("allow")]).toEqual([status, "GET, HEAD, OPTIONS"]);
    }
    expect(
      (await ines.fetch("/api/calendar/a/b", { method: "POST", headers: { origin: server.url } })).status,
    ).toBe(404);
  });
});
