import { execFile } from "node:child_process";
import { chown, mkdtemp } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findOnPath, findPostgresFolder } from "./binaries.ts";
import { startChild } from "./child.ts";
import { freePort } from "./free-port.ts";
import type { ServiceAttempt } from "./service.ts";

const run = promisify(execFile);

/** PostgreSQL refuses to run as root, rightly; Debian's package makes this user for it. */
const serverUser = "postgres";

/**
 * Starts a new, empty PostgreSQL cluster in a temporary folder: superuser `postgres`, no password, loopback only, and
 * no fsync, since nothing in it has to survive.
 */
export async function startPostgres(): Promise<ServiceAttempt> {
  const programs = findPostgresFolder();
  if (!programs)
    return { reason: "PostgreSQL is not installed (no initdb in /usr/lib/postgresql or on the PATH)" };
  const asRoot = process.getuid?.() === 0;
  const user = asRoot ? await findUser(serverUser) : undefined;
  if (asRoot && !user)
    return { reason: `PostgreSQL does not run as root, and there is no user "${serverUser}"` };
  const changeUser = findOnPath("setpriv");
  if (user && !changeUser) return { reason: "PostgreSQL does not run as root, and setpriv is not installed" };

  const folder = await mkdtemp(join(tmpdir(), "almanac-postgres-"));
  if (user) await chown(folder, user.uid, user.gid);
  const as = (program: string, args: string[]): [string, string[]] =>
    user && changeUser
      ? [
          changeUser,
          [
            `--reuid=${user.uid}`,
            `--regid=${user.gid}`,
            "--clear-groups",
            "--",
            join(programs, program),
            ...args,
          ],
        ]
      : [join(programs, program), args];

  const data = join(folder, "data");
  const cluster = { pgdata: data, username: "postgres", auth: "trust", encoding: "UTF8", locale: "C.UTF-8" };
  const initOptions = Object.entries(cluster).map(([name, value]) => `--${name}=${value}`);
  const [initdb, initArgs] = as("initdb", [...initOptions, "--no-sync"]);
  await run(initdb, initArgs, { cwd: folder });

  const port = await freePort();
  const options = {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: folder,
    fsync: "off",
    synchronous_commit: "off",
    full_page_writes: "off",
    max_connections: 200,
    timezone: "UTC",
    logging_collector: "off",
  };
  const settings = Object.entries(options).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const [command, args] = as("postgres", ["-D", data, ...settings]);
  const child = await startChild({
    command,
    args,
    folder,
    readyWhen: /database system is ready to accept connections/,
    // "Fast" shutdown: open connections are ended.
    stopSignal: "SIGINT",
    // "Immediate" shutdown: unlike SIGKILL it also ends the server's own children and frees their shared memory.
    abortSignal: "SIGQUIT",
    startTimeoutMs: 30_000,
  });
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  return { service: { name: "PostgreSQL", url, stop: child.stop } };
}

async function findUser(name: string): Promise<{ uid: number; gid: number } | undefined> {
  if (userInfo().username === name) return undefined;
  try {
    const [uid, gid] = await Promise.all([run("id", ["-u", name]), run("id", ["-g", name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    // `id` fails for a name that nobody has.
    return undefined;
  }
}
