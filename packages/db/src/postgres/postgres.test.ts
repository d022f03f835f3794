import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isAppError, wordsWithCause } from "@almanac/kernel";
import type { SqlConnection } from "../driver/client.ts";
import { findQueryError } from "../driver/query-error.ts";
import { openDatabase } from "../open.ts";
import type { DatabaseHandle } from "../open.ts";
import { rows } from "../rows.ts";
import { openTestDatabase, testDatabaseUrl } from "../testing.ts";
import type { TestDatabase } from "../testing.ts";

const gate = () => Promise.withResolvers<void>();

/** The answer of a promise that must be refused. */
async function refusal(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error("it was not refused");
}

const pidOf = async (connection: SqlConnection): Promise<number> => {
  const { rows: found } = await connection.query<{ pid: number }>("select pg_backend_pid() as pid");
  return found[0]?.pid ?? 0;
};

const isUnavailable = (error: unknown) => isAppError(error, "database_unavailable");

const isConfigured = testDatabaseUrl() !== undefined;

describe.skipIf(!isConfigured)(`on PostgreSQL${isConfigured ? "" : ": not configured"}`, () => {
  let test: TestDatabase;
  /** One connection only, so that whoever comes next gets the place of the one that was lost. */
  let narrow: DatabaseHandle;

  beforeEach(async () => {
    test = await openTestDatabase("postgres");
    narrow = await openDatabase({ url: test.url, pool: { maxConnections: 1 } });
    await test.handle.client.exec("create table written (who text)");
  });

  afterEach(async () => {
    await narrow.close();
    await test.close();
  });

  /** Ends a backend, and waits until it is gone. */
  async function kill(pid: number): Promise<void> {
    await test.handle.client.query("select pg_terminate_backend($1::int, 5000)", [pid]);
  }

  const written = () => rows<{ who: string }>(test.db, sql`select who from written order by who`);

  it("prepares a statement that comes again and again, and again when its table has changed", async () => {
    const read = () => rows(narrow.db, sql`select * from written where who = ${"maya"}`);
    await test.handle.client.query("insert into written values ('maya')");
    for (let time = 0; time < 5; time++) expect(await read()).toEqual([{ who: "maya" }]);
    const prepared = await rows(
      narrow.db,
      sql`select statement from pg_prepared_statements where statement like 'select * from written%'`,
    );
    expect(prepared).toHaveLength(1);
    await test.handle.client.exec("alter table written add column age int");
    expect(await read()).toEqual([{ who: "maya", age: null }]);
  });

  describe("a transaction whose backend was ended (postgres issue 1216)", () => {
    it("fails with every further statement, and never runs in another transaction", async () => {
      const killed = gate();
      const otherIsOpen = gate();
      const lost = narrow.client.transaction(async (tx) => {
        await tx.query("insert into written values ('lost, before')");
        await kill(await pidOf(tx));
        killed.resolve();
        const first = await refusal(tx.query("insert into written values ('lost, after')"));
        const second = await refusal(tx.exec("insert into written values ('lost, later')"));
        return { first, second, third: await refusal(tx.exec("commit")) };
      });
      const error = await refusal(lost);
      await killed.promise;
      expect(isUnavailable(error)).toBe(true);

      const other = narrow.client.transaction(async (tx) => {
        await tx.query("insert into written values ('other')");
        otherIsOpen.resolve();
      });
      await otherIsOpen.promise;
      await other;
      expect(await written()).toEqual([{ who: "other" }]);
    });

    it("cannot reach the next user of the pool by statements it sends later", async () => {
      const wide = await openDatabase({ url: test.url, pool: { maxConnections: 2 } });
      try {
        const isKilled = gate();
        const goOn = gate();
        const late = wide.client.transaction(async (tx) => {
          await kill(await pidOf(tx));
          isKilled.resolve();
          await goOn.promise;
          await tx.query("insert into written values ('late')");
        });
        const refused = refusal(late);
        await isKilled.promise;
        await wide.client.transaction(async (tx) => {
          await tx.query("insert into written values ('tenant')");
          goOn.resolve();
          // Its statement, its rollback or its commit would now land here.
          expect(isUnavailable(await refused)).toBe(true);
          await tx.query("insert into written values ('tenant, again')");
        });
        expect(await written()).toEqual([{ who: "tenant" }, { who: "tenant, again" }]);
      } finally {
        await wide.close();
      }
    });

    it("refuses the statements that were waiting their turn, instead of sending them on a new connection", async () => {
      const error = await refusal(
        narrow.client.transaction(async (tx) => {
          const pid = await pidOf(tx);
          const slow = refusal(tx.query("select pg_sleep(60)"));
          const waiting = [1, 2, 3].map((n) =>
            refusal(tx.query("insert into written values ($1)", [`waiting ${n}`])),
          );
          await kill(pid);
          expect(isUnavailable(await slow)).toBe(true);
          for (const each of await Promise.all(waiting)) expect(isUnavailable(each)).toBe(true);
        }),
      );
      expect(isUnavailable(error)).toBe(true);
      expect(await written()).toEqual([]);
    });
  });

  it("goes on with a new connection after idle ones were ended", async () => {
    const pid = await narrow.reserve(pidOf);
    await kill(pid);
    await expect.poll(async () => (await narrow.health()).isUp).toBe(true);
    expect(await narrow.reserve(pidOf)).not.toBe(pid);
  });

  it("ends a statement that runs longer than allowed, and keeps the connection", async () => {
    const strict = await openDatabase({ url: test.url, pool: { maxConnections: 1, statementTimeoutMs: 50 } });
    try {
      const pid = await strict.reserve(pidOf);
      const error = await refusal(rows(strict.db, sql`select pg_sleep(60)`));
      expect(findQueryError(error)?.code).toBe("57014");
      expect(await strict.reserve(pidOf)).toBe(pid);
    } finally {
      await strict.close();
    }
  });

  it("opens no more connections than allowed, and serves all who wait", async () => {
    const url = new URL(test.url ?? "");
    const small = await openDatabase({
      url: url.href,
      pool: { maxConnections: 2, applicationName: "small" },
    });
    try {
      const pids = await Promise.all(Array.from({ length: 30 }, () => small.reserve(pidOf)));
      expect(new Set(pids).size).toBe(2);
    } finally {
      await small.close();
    }
  });

  it("cuts off what is still running when it is closed, after a moment of grace", async () => {
    const handle = await openDatabase({ url: test.url, pool: { closeTimeoutMs: 20 } });
    const running = refusal(rows(handle.db, sql`select pg_sleep(60)`));
    await rows(handle.db, sql`select 1`);
    await handle.close();
    const error = await running;
    expect(error instanceof Error && isUnavailable(error.cause)).toBe(true);
  });

  it("hears notifications again after its connection was lost", async () => {
    const heard: string[] = [];
    const leave = await test.handle.listen("stall", (payload) => heard.push(payload));
    const [listener] = await rows<{ pid: number }>(
      test.db,
      sql`select pid from pg_stat_activity where application_name = 'almanac listener' and datname = current_database()`,
    );
    await kill(listener?.pid ?? 0);
    await expect
      .poll(
        async () => {
          await rows(test.db, sql`select pg_notify('stall', 'again')`);
          return heard.includes("again");
        },
        { timeout: 10_000 },
      )
      .toBe(true);
    await leave();
  });

  it("loses a connection that is cut on the way, and only that one", async () => {
    const target = new URL(test.url ?? "");
    const serverPort = Number(target.port);
    const sockets = new Set<Socket>();
    const proxy = createServer((client) => {
      const server = connect(serverPort, target.hostname);
      for (const socket of [client, server]) {
        sockets.add(socket);
        socket.on("error", () => undefined);
        socket.on("close", () => sockets.delete(socket));
      }
      client.pipe(server).pipe(client);
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    target.port = String((proxy.address() as AddressInfo).port);
    const through = await openDatabase({ url: target.href, pool: { maxConnections: 1 } });
    try {
      const error = await refusal(
        through.client.transaction(async (tx) => {
          await tx.query("insert into written values ('cut')");
          const slow = refusal(tx.query("select pg_sleep(60)"));
          await expect.poll(() => sockets.size).toBe(2);
          for (const socket of sockets) socket.resetAndDestroy();
          expect(isUnavailable(await slow)).toBe(true);
          await tx.query("insert into written values ('after the cut')");
        }),
      );
      expect(isUnavailable(error)).toBe(true);
      await through.client.query("insert into written values ('next')");
      expect(await written()).toEqual([{ who: "next" }]);
    } finally {
      await through.close();
      proxy.close();
    }
  });
});

describe("without a server", () => {
  it("refuses to open, and says that the database is unavailable", async () => {
    const error = await refusal(openDatabase({ url: "postgres://nobody@127.0.0.1:1/none" }));
    expect(isUnavailable(error)).toBe(true);
    // The address is for whoever runs the place.
    expect((error as Error).message).toBe("The database cannot be reached.");
    expect(wordsWithCause(error as Error)).toContain("127.0.0.1:1");
  });
});
