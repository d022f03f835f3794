import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const entry = fileURLToPath(new URL("../main.ts", import.meta.url));

export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** All that it printed so far. */
  output(): string;
  /** Sends a signal and waits for the end. @returns the exit code, `null` when a signal ended it */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** A folder for one test's database, removed by `await using`. */
export async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), "almanac-server-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/**
 * Fills the tiny world once for all files of tests that `pnpm test` runs, which takes three times what a start does: the first
 * that asks fills it, the others wait. Belongs into a hook, which may take its time.
 *
 * @returns its folder, at the moment at which its first server had opened; nothing where a file of tests is run by itself
 */
export async function fillTinyShop(): Promise<string | undefined> {
  const shared = process.env["TEST_WORK_FOLDER"];
  if (!shared) return undefined;
  const path = join(shared, "tiny-world");
  const whole = `${path}.whole`;
  if ((await mkdir(path, { recursive: true })) === undefined) {
    for (let waited = 0; !existsSync(whole); waited += 100) {
      if (waited > fillMs) throw new Error("The tiny world was not filled by the test that began to");
      await delay(100);
    }
    return path;
  }
  const server = await startServerProcess(path);
  await server.end("SIGTERM");
  await writeFile(whole, "");
  return path;
}

/** A temporary folder with a copy of the tiny world; an empty one where there is none, which its server fills. */
export async function tinyShopFolder(): ReturnType<typeof temporaryFolder> {
  const folder = await temporaryFolder();
  const filled = await fillTinyShop();
  if (filled) await cp(filled, folder.path, { recursive: true });
  return folder;
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  return port;
}

/** The server as a process of its own, ready to answer; ended with the test process at the latest. */
export async function startServerProcess(
  dataDir: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const port = await freePort();
  const child = launch(dataDir, { PORT: String(port), ...env });
  let printed = "";
  const read = (chunk: Buffer): void => void (printed += chunk.toString());
  child.stdout?.on("data", read);
  child.stderr?.on("data", read);
  const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  const url = `http://localhost:${port}`;
  const isOpen = new Promise<true>((resolve) => {
    child.stdout?.on("data", () => {
      if (printed.includes("Almanac is open")) resolve(true);
    });
  });
  if ((await Promise.race([isOpen, ended])) !== true) throw new Error(`The server did not open:\n${printed}`);
  return {
    url,
    pid: child.pid!,
    output: () => printed,
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

const fillMs = 180_000;

/** The Wednesday of the journeys: what a shop sells and recommends depends on the day, and tests run on any. */
const summer = "2025-08-13T09:00:00-04:00";

/** Starts the server and waits for it to give up. */
export async function startAndFail(
  dataDir: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; output: string }> {
  const child = launch(dataDir, { PORT: String(await freePort()), ...env });
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
  return { code, output };
}

function launch(dataDir: string, env: Readonly<Record<string, string>>): ChildProcess {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const always = {
    NODE_ENV: "test" as const,
    ALMANAC_CLOCK: summer,
    ALMANAC_DEMO: "tiny",
    LOG_LEVEL: "error",
    // Who needs advice has it made by looking: of all farms it would take more of the machine than most tests.
    FIRST_ADVICE_AFTER_SECONDS: "6000000",
  };
  const child = spawn(process.execPath, [entry, "--data", dataDir], {
    env: { PATH, NODE_COMPILE_CACHE, ...always, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  }) as ChildProcess;
  const killed = (): void => void child.kill("SIGKILL");
  process.once("exit", killed);
  child.once("exit", () => process.off("exit", killed));
  return child;
}

/** A browser without a page: keeps cookies, sends our own origin, calls procedures by path. */
export class HttpCaller {
  readonly #url: string;
  readonly #cookies = new Map<string, string>();

  constructor(url: string) {
    this.#url = url;
  }

  /** The same browser on another address: a server that was started again. */
  at(url: string): HttpCaller {
    const copy = new HttpCaller(url);
    for (const [name, value] of this.#cookies) copy.#cookies.set(name, value);
    return copy;
  }

  cookieHeader(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.#cookies.size > 0) {
      headers.set("cookie", this.cookieHeader());
    }
    const response = await fetch(`${this.#url}${path}`, { redirect: "manual", ...init, headers });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ""] = cookie.split(";");
      const at = pair.indexOf("=");
      if (pair.slice(at + 1) === "") this.#cookies.delete(pair.slice(0, at));
      else this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  }

  signIn(email: string, password = "almanac-demo"): Promise<Response> {
    return this.#post("/api/auth/sign-in/email", { email, password });
  }

  async query(path: string, input?: unknown): Promise<ProcedureAnswer> {
    const search = input === undefined ? "" : `?input=${encodeURIComponent(JSON.stringify(input))}`;
    return readAnswer(await this.fetch(`/trpc/${path}${search}`));
  }

  async mutate(path: string, input: unknown = {}): Promise<ProcedureAnswer> {
    return readAnswer(await this.#post(`/trpc/${path}`, input));
  }

  /** One procedure with many inputs, thirty at most, in one request. */
  async mutateAll(path: string, inputs: readonly unknown[]): Promise<ProcedureAnswer[]> {
    const paths = inputs.map(() => path).join(",");
    const response = await this.#post(`/trpc/${paths}?batch=1`, Object.fromEntries(inputs.entries()));
    const bodies: unknown = await response.json();
    if (!Array.isArray(bodies)) throw new Error(`A batch was answered ${response.status}, by no list.`);
    return bodies.map((body: AnswerBody) => answerOf(body, response.status));
  }

  #post(path: string, body: unknown): Promise<Response> {
    return this.fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json", origin: this.#url },
      body: JSON.stringify(body),
    });
  }
}

export interface ProcedureAnswer {
  readonly status: number;
  // What a procedure answers is checked by the test that asked.
  readonly data: Record<string, unknown>;
  readonly reason: string | undefined;
}

async function readAnswer(response: Response): Promise<ProcedureAnswer> {
  return answerOf((await response.json()) as AnswerBody, response.status);
}

interface AnswerBody {
  readonly result?: { readonly data: Record<string, unknown> };
  readonly error?: { readonly data: { readonly reason: string } };
}

const answerOf = (body: AnswerBody, status: number): ProcedureAnswer => ({
  status,
  data: body.result?.data ?? {},
  reason: body.error?.data.reason,
});
