import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);
const root = fileURLToPath(new URL("..", import.meta.url));
const compiler = join(root, "node_modules/typescript/bin/tsc");

const right = `
import { createAlmanacClient, reasonOf, type Reason } from "@almanac/client";
const client = createAlmanacClient({ url: "http://localhost:3000", apiKey: "key" });
const { hits } = await client.search.query.query({ q: "tomatos", limit: 3 }, { signal: AbortSignal.timeout(1000) });
const cents: number | undefined = hits[0]?.card.priceCents;
const { items } = await client.recsys.forShopper.query({ limit: 5 });
const sentence: string | undefined = items[0]?.sentence;
const live = client.realtime.live.subscribe({}, { onData: ({ id, data }) => console.log(id.length, data.type) });
live.unsubscribe();
await client.cart.clear.mutate();
try {
  await client.orders.list.query({});
} catch (error) {
  const reason: Reason | undefined = reasonOf(error);
  console.log(reason === "sign_in_required", cents, sentence);
}
`;

const wrong: Record<string, string> = {
  "an input that is not there": `await client.search.query.query({ qq: "tomato" });`,
  "an input of another type": `await client.search.query.query({ limit: "3" });`,
  "an answer's field that is not there": `(await client.search.query.query({})).hits[0]?.card.prize;`,
  "a procedure that is not there": `await client.search.guess.query({});`,
  "a query called as a mutation": `await client.search.query.mutate({});`,
  "a reason that is not there": `reasonOf(undefined) === "sold_outt";`,
};

/** What npm says when there is no way to the registry. */
const unreachable = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ENOTCACHED/;

describe("the packed client", () => {
  let folder: string;
  let problem: string | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "almanac-outside-"));
    await run("pnpm", ["pack", "--pack-destination", folder], { cwd: root });
    const tarball = (await readdir(folder)).find((name) => name.endsWith(".tgz"))!;
    await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
    await run("npm", ["install", "--no-audit", "--no-fund", join(folder, tarball)], { cwd: folder }).catch(
      (error: { stderr?: string }) => {
        if (!unreachable.test(error.stderr ?? "")) throw error;
        problem = "the npm registry cannot be reached";
      },
    );
  }, 180_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** What the compiler says of both programs at once, a line each: it reads the declarations once. */
  let told: Promise<readonly string[]> | undefined;
  const compile = async (): Promise<readonly string[]> => {
    const head = `import { createAlmanacClient, reasonOf } from "@almanac/client";\nconst client = createAlmanacClient({ url: "http://localhost" });\n`;
    await writeFile(join(folder, "right.ts"), right);
    await writeFile(
      join(folder, "wrong.ts"),
      `${head}${Object.values(wrong).join("\n")}\nreasonOf(client);\n`,
    );
    const options = ["--strict", "--noEmit", "--module", "nodenext", "--target", "es2022"];
    const output = await run(process.execPath, [compiler, ...options, "right.ts", "wrong.ts"], {
      cwd: folder,
    }).then(
      () => "",
      (error: { stdout?: string }) => error.stdout || "failed",
    );
    return output.split("\n").filter((line) => line !== "");
  };
  const compiled = (): Promise<readonly string[]> => (told ??= compile());
  const isOfWrong = (line: string): boolean => /^(wrong\.ts\(|\s)/.test(line);

  it("brings no package of the workspace along", async ({ skip }) => {
    skip(problem !== undefined, problem);
    const installed = await readdir(join(folder, "node_modules/@almanac"));
    expect(installed).toEqual(["client"]);
    const files = await readdir(join(folder, "node_modules/@almanac/client/dist"));
    const texts = await Promise.all(
      files.map((name) => readFile(join(folder, "node_modules/@almanac/client/dist", name), "utf8")),
    );
    for (const text of texts) expect(text).not.toMatch(/from "@almanac\/|\.ts"/);
  });

  it("has types that are complete under strict checking, without anything else installed", async ({
    skip,
  }) => {
    skip(problem !== undefined, problem);
    expect((await compiled()).filter((line) => !isOfWrong(line))).toEqual([]);
  });

  it("does not let what is wrong compile", async ({ skip }) => {
    skip(problem !== undefined, problem);
    const refused = new Set(
      (await compiled()).flatMap((line) =>
        [...line.matchAll(/^wrong\.ts\((\d+),/g)].map(([, at]) => Number(at)),
      ),
    );
    expect([...refused].sort((a, b) => a - b)).toEqual(Object.keys(wrong).map((_, index) => index + 3));
  });

  it("runs", async ({ skip }) => {
    skip(problem !== undefined, problem);
    const program = `import * as client from "@almanac/client"; console.log(Object.keys(client).sort().join(" "));`;
    await writeFile(join(folder, "run.js"), program);
    const { stdout } = await run(process.execPath, ["run.js"], { cwd: folder });
    expect(stdout.trim()).toBe("createAlmanacClient detailsOf isAlmanacError messageOf reasonOf");
  });
});
