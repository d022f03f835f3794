import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { connect } from "node:net";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { findOnPath, findPostgresFolder } from "./binaries.ts";
import { startPostgres, startRedis } from "./index.ts";

const run = promisify(execFile);

let temporary: string;

/** A place for temporary files that no other process uses; the server's user must be able to reach into it. */
beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), "almanac-services-"));
  await chmod(temporary, 0o755);
  vi.stubEnv("TMPDIR", temporary);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(temporary, { recursive: true, force: true });
});

async function accepts(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    // Refused: nobody listens there.
    return false;
  } finally {
    socket.destroy();
  }
}

const leftovers = () => readdirSync(temporary);

describe.each([
  {
    name: "PostgreSQL",
    start: startPostgres,
    isInstalled: findPostgresFolder() !== undefined,
  },
  {
    name: "Redis",
    start: startRedis,
    isInstalled: findOnPath("redis-server") !== undefined,
  },
])("a throw-away $name", ({ name, start, isInstalled }) => {
  it.skipIf(!isInstalled)(
    "answers on the loopback address until it is stopped, and leaves no files",
    async () => {
      const { service } = await start();
      expect(service?.name).toBe(name);
      const url = service?.url ?? "";
      expect(new URL(url).hostname).toBe("127.0.0.1");
      expect(await accepts(url)).toBe(true);
      await service?.stop();
      expect(await accepts(url)).toBe(false);
      expect(leftovers()).toEqual([]);
      await service?.stop();
    },
  );

  it.skipIf(!isInstalled).each([
    { ending: "a signal to", afterwards: "" },
    { ending: "the exit of", afterwards: "process.exit();" },
  ])("ends with $ending the process that started it, and leaves no files", async ({ afterwards }) => {
    const script = `
      import { ${start.name} } from ${JSON.stringify(new URL("./index.ts", import.meta.url).href)};
      const { service } = await ${start.name}();
      console.log(service.url);
      ${afterwards}
    `;
    const owner = spawn(process.execPath, ["--input-type=module-typescript", "--eval", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(owner.stdout, "data")) as [Buffer];
    const url = line.toString().trim();
    owner.kill("SIGTERM");
    if (owner.exitCode === null && owner.signalCode === null) await once(owner, "exit");
    await vi.waitFor(async () => {
      expect(await accepts(url)).toBe(false);
      expect(leftovers()).toEqual([]);
    }, 30_000);
  });
});

describe("what is not installed", () => {
  it("is a reason, not an error", async () => {
    vi.stubEnv("PATH", "");
    expect(await startRedis()).toEqual({ reason: "Redis is not installed (no redis-server on the PATH)" });
  });
});

describe("the server's user", () => {
  const canLook = existsSync("/proc/self/status") && findPostgresFolder() !== undefined;
  it.skipIf(!canLook)("is never root", async () => {
    const { service } = await startPostgres();
    try {
      const { port } = new URL(service?.url ?? "");
      const { stdout } = await run("pgrep", ["-f", `port=${port}`]);
      const pids = stdout.trim().split("\n");
      const { stdout: users } = await run("ps", ["-o", "uid=", "-p", pids.join(",")]);
      expect(users.split("\n").filter((uid) => uid.trim() === "0")).toEqual([]);
    } finally {
      await service?.stop();
    }
  });
});
