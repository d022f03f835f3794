import { AppError } from "@almanac/kernel";
import { toTrpcError } from "@almanac/trpc";
import { createRequestHandler, type LoaderFunction, type ServerBuild } from "@remix-run/node";
import { TRPCError } from "@trpc/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { withPageRefusals } from "./page-refusals.ts";

/** A site of one page, whose loader and action do this. It shows what it was told of an error. */
function siteOf(work: LoaderFunction) {
  const page = { id: "page", parentId: undefined, path: "page" };
  const routes = withPageRefusals({
    page: { ...page, module: { default: () => null, loader: work, action: work } },
  });
  const build: ServerBuild = {
    mode: "production",
    entry: {
      module: {
        default: (_request, status, _headers, { staticHandlerContext: { errors } }) =>
          Response.json(errors, { status }),
        handleError: (error) => console.error(error),
      },
    },
    routes,
    assets: {
      entry: { module: "", imports: [] },
      routes: { page: { ...page, module: "", hasLoader: true, hasAction: true } as never },
      url: "",
      version: "1",
    },
    publicPath: "/",
    assetsBuildDirectory: "",
    future: {} as ServerBuild["future"],
    isSpaMode: false,
  };
  const handle = createRequestHandler(build, "production");
  return (init?: RequestInit) => handle(new Request("http://localhost/page", init), {} as never);
}

afterEach(() => void vi.restoreAllMocks());

describe("what a page has no words for", () => {
  const form = { method: "POST", body: new URLSearchParams({ a: "b" }) };

  it.each([
    ["too_many_requests", 429],
    ["database_unavailable", 503],
    ["sign_in_required", 401],
    ["order_not_found", 404],
  ] as const)("is answered with the status of the refusal: %s with %i", async (code, status) => {
    const printed = vi.spyOn(console, "error").mockReturnValue();
    const ask = siteOf(() => {
      throw toTrpcError(new AppError(code, "In words."));
    });
    for (const init of [undefined, form]) {
      const response = await ask(init);
      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject({ page: { data: { message: "In words." } } });
    }
    expect(printed).not.toHaveBeenCalled();
  });

  it("is a failure where a procedure failed, whose inside is neither told nor printed", async () => {
    const printed = vi.spyOn(console, "error").mockReturnValue();
    const cause = new Error("Failed query: select 1 params: maya@demo.example");
    const response = await siteOf(() => {
      throw new TRPCError({ code: "INTERNAL_SERVER_ERROR", message: cause.message, cause });
    })();
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("maya@");
    expect(printed).not.toHaveBeenCalled();
  });

  it("is printed where the page itself failed", async () => {
    const printed = vi.spyOn(console, "error").mockReturnValue();
    const fault = new TypeError("no such thing");
    const response = await siteOf(() => {
      throw fault;
    })();
    expect(response.status).toBe(500);
    expect(printed).toHaveBeenCalledWith(fault);
  });
});
