import { eq, inArray, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { InvariantError, isAppError, newId } from "@almanac/kernel";
import type { UserId } from "@almanac/kernel";
import { inChunks } from "./chunks.ts";
import {
  findQueryError,
  isCheckViolation,
  isForeignKeyViolation,
  isUniqueViolation,
} from "./driver/query-error.ts";
import type { Queryable } from "./open.ts";
import { rows } from "./rows.ts";
import { apiKeys, counters, outbox, settings, users } from "./schema/index.ts";
import { describeOnEveryDatabase, openTestDatabase } from "./testing.ts";
import { advisoryLock, retryTransaction, tryAdvisoryLock } from "./transactions.ts";

const at = new Date("2026-11-22T07:30:00.125Z");

async function writeSetting(db: Queryable, key: string, value: Record<string, unknown> = {}): Promise<void> {
  await db.insert(settings).values({ key, value, updatedAt: at });
}

async function settingKeys(db: Queryable): Promise<string[]> {
  const found = await db.select({ key: settings.key }).from(settings).orderBy(settings.key);
  return found.map(({ key }) => key);
}

/** A promise that is settled from outside, to order two things without waiting for time to pass. */
const gate = () => Promise.withResolvers<void>();

describeOnEveryDatabase("values", (test) => {
  it("come back from tables as they went in", async () => {
    const userId = newId<UserId>();
    await test.db.insert(users).values({ id: userId, email: "maya@demo.example", name: "Maya" });
    const key = {
      id: crypto.randomUUID(),
      name: 'back\\slash "quoted", comma',
      prefix: "ü",
      hash: "h",
      scopes: ["a", 'b"c', "d,e", ""],
      userId,
      createdAt: at,
    };
    await test.db.insert(apiKeys).values(key);
    const [found] = await test.db
      .select()
      .from(apiKeys)
      .where(inArray(apiKeys.id, [key.id]));
    expect(found).toMatchObject({ ...key, expiresAt: null });

    const payload = { text: "o'clock \\ \"", list: [1, null, { deep: true }], none: null };
    const [row] = await test.db.insert(outbox).values({ topic: "t", payload, availableAt: at }).returning();
    expect(row).toMatchObject({ seq: 1, payload, availableAt: at, doneAt: null });
  });

  it("come back from hand-written SQL in one form, whichever database answers", async () => {
    const [row] = await rows(
      test.db,
      sql`select count(*) as count, 9007199254740993 as big, 1.50::numeric as price, 0.5::float8 as half,
        true as yes, null as none, '{"a":[1]}'::jsonb as json, '\\x00ff'::bytea as bytes,
        array[1,2] as numbers, array['a','b c'] as texts, array[9::int8] as longs,
        ${at}::timestamptz as moment, '2026-11-22'::date as day, interval '1 hour' as span from (values (1), (2)) as v`,
    );
    expect(row).toEqual({
      count: 2,
      big: 9007199254740993n,
      price: "1.50",
      half: 0.5,
      yes: true,
      none: null,
      json: { a: [1] },
      bytes: new Uint8Array([0, 255]),
      numbers: [1, 2],
      texts: ["a", "b c"],
      longs: [9],
      moment: "2026-11-22 07:30:00.125+00",
      day: "2026-11-22",
      span: "01:00:00",
    });
  });

  it("are accepted as parameters of every kind", async () => {
    const params = sql`select ${new Uint8Array([1, 255])}::bytea as bytes, ${sql.param([1, 2])}::int[] as numbers,
      ${sql.param(["a", 'q"\\', null])}::text[] as texts, ${sql.param([true, false])}::bool[] as flags,
      ${sql.param([at])}::timestamptz[] as moments, ${12345678901234567890n}::numeric as big, ${true}::bool as yes,
      ${sql.param({ a: "b" })}::jsonb as json, ${null}::text as none, ${1.5}::float8 as number`;
    expect(await rows(test.db, params)).toEqual([
      {
        bytes: new Uint8Array([1, 255]),
        numbers: [1, 2],
        texts: ["a", 'q"\\', null],
        flags: [true, false],
        moments: ["2026-11-22 07:30:00.125+00"],
        big: "12345678901234567890",
        yes: true,
        json: { a: "b" },
        none: null,
        number: 1.5,
      },
    ]);
  });

  it("are counted when rows change", async () => {
    await writeSetting(test.db, "a");
    await writeSetting(test.db, "b");
    const changed = await test.db.update(settings).set({ value: { now: 1 } });
    expect(changed.affectedRows).toBe(2);
    expect(await test.db.$count(settings)).toBe(2);
  });

  it("of the same name in two joined tables do not mix", async () => {
    const userId = newId<UserId>();
    await test.db.insert(users).values({ id: userId, email: "bo@demo.example", name: "Bo" });
    await test.db
      .insert(apiKeys)
      .values({ id: crypto.randomUUID(), name: "Key", prefix: "p", hash: "h", scopes: [], userId });
    const [joined] = await test.db.select().from(users).innerJoin(apiKeys, eq(apiKeys.userId, users.id));
    expect(joined).toMatchObject({ users: { name: "Bo" }, api_keys: { name: "Key" } });
  });
});

describeOnEveryDatabase("a transaction", (test) => {
  it("keeps everything when it returns, and nothing when it throws", async () => {
    const kept = await test.handle.transaction(async (tx) => {
      await writeSetting(tx, "kept");
      return "answer";
    });
    expect(kept).toBe("answer");
    const refused = test.handle.transaction(async (tx) => {
      await writeSetting(tx, "gone");
      throw new RangeError("changed my mind");
    });
    await expect(refused).rejects.toThrow(RangeError);
    expect(await settingKeys(test.db)).toEqual(["kept"]);
  });

  it("undoes only the nested part that failed", async () => {
    await test.handle.transaction(async (tx) => {
      await writeSetting(tx, "outer");
      await tx.transaction((inner) => writeSetting(inner, "inner"));
      const failed = tx.transaction(async (inner) => {
        await writeSetting(inner, "undone");
        await writeSetting(inner, "outer");
      });
      await expect(failed).rejects.toSatisfy((error) => isUniqueViolation(error));
      await writeSetting(tx, "after");
    });
    expect(await settingKeys(test.db)).toEqual(["after", "inner", "outer"]);
  });

  it("is refused at its end, and saves nothing, when the error of a failed statement was caught", async () => {
    const work = test.handle.transaction(async (tx) => {
      await writeSetting(tx, "once");
      await writeSetting(tx, "once").catch(() => undefined);
    });
    await expect(work).rejects.toThrow(InvariantError);
    expect(await settingKeys(test.db)).toEqual([]);
  });

  it("is not seen by others before it is committed, and waits for nobody's single queries after that", async () => {
    const written = gate();
    const release = gate();
    const work = test.handle.transaction(async (tx) => {
      await writeSetting(tx, "later");
      written.resolve();
      await release.promise;
    });
    await written.promise;
    const seen = settingKeys(test.db);
    if (test.driver === "postgres") expect(await seen).toEqual([]);
    release.resolve();
    await work;
    // PGlite has one connection: the query waited for the transaction, and then saw what it wrote.
    if (test.driver === "pglite") expect(await seen).toEqual(["later"]);
    expect(await settingKeys(test.db)).toEqual(["later"]);
  });

  it("refuses the outer handle inside it, which would wait for ever or run outside of it", async () => {
    const work = test.handle.transaction(() => writeSetting(test.db, "outside"));
    await expect(work).rejects.toSatisfy(
      (error) => error instanceof Error && error.cause instanceof InvariantError,
    );
    const nested = test.handle.transaction(() => test.handle.transaction(async () => undefined));
    await expect(nested).rejects.toThrow(InvariantError);
    expect(await settingKeys(test.db)).toEqual([]);
  });

  it("refuses queries once it is over", async () => {
    const leaked = await test.handle.transaction(async (tx) => ({ tx }));
    await expect(writeSetting(leaked.tx, "late")).rejects.toSatisfy(
      (error) => error instanceof Error && error.cause instanceof InvariantError,
    );
    expect(await settingKeys(test.db)).toEqual([]);
  });

  it("loses no update when fifty of them count at once", async () => {
    const [counter] = await test.db.insert(outbox).values({ topic: "count", payload: {} }).returning();
    const count = () =>
      test.handle.transaction(async (tx) => {
        const [now] = await tx
          .select()
          .from(outbox)
          .where(eq(outbox.seq, counter?.seq ?? 0))
          .for("update");
        await tx.update(outbox).set({ attempts: (now?.attempts ?? 0) + 1 });
      });
    await Promise.all(Array.from({ length: 50 }, count));
    expect(await test.db.select({ attempts: outbox.attempts }).from(outbox)).toEqual([{ attempts: 50 }]);
  });

  it("sends queries that were started together one after another", async () => {
    await test.handle.transaction((tx) =>
      Promise.all(Array.from({ length: 120 }, (_, index) => writeSetting(tx, `key-${index}`))),
    );
    expect(await test.db.$count(settings)).toBe(120);
  });

  it("takes an isolation level", async () => {
    const level = await test.handle.transaction(
      async (tx) =>
        rows<{ level: string }>(tx, sql`select current_setting('transaction_isolation') as level`),
      { isolationLevel: "serializable" },
    );
    expect(level).toEqual([{ level: "serializable" }]);
  });
});

describeOnEveryDatabase("a refused statement", (test) => {
  it("names its SQLSTATE and the constraint it broke, the same on both databases", async () => {
    await writeSetting(test.db, "a");
    const unique = await writeSetting(test.db, "a").catch((error: unknown) => error);
    expect(isUniqueViolation(unique)).toBe(true);
    expect(isUniqueViolation(unique, "settings_pkey")).toBe(true);
    expect(isUniqueViolation(unique, "another")).toBe(false);
    expect(findQueryError(unique)).toMatchObject({
      code: "23505",
      table: "settings",
      constraint: "settings_pkey",
    });

    const orphan = { id: crypto.randomUUID(), name: "n", prefix: "p", hash: "h", scopes: [] };
    const foreign = test.db.insert(apiKeys).values({ ...orphan, userId: newId<UserId>() });
    await expect(foreign).rejects.toSatisfy((error) => isForeignKeyViolation(error));
  });

  it("tells a broken check by its name", async () => {
    const work = test.handle.transaction(async (tx) => {
      await tx.execute(
        sql`create temporary table checked (n int constraint positive check (n > 0)) on commit drop`,
      );
      await tx.execute(sql`insert into checked values (0)`);
    });
    await expect(work).rejects.toSatisfy((error) => isCheckViolation(error, "positive"));
  });

  it("does not disturb the next one", async () => {
    await expect(rows(test.db, sql`select nonsense`)).rejects.toSatisfy(
      (error) => findQueryError(error)?.code === "42703",
    );
    expect(await rows(test.db, sql`select 1 as one`)).toEqual([{ one: 1 }]);
  });
});

describeOnEveryDatabase("a script", (test) => {
  it("answers one result for each of its statements", async () => {
    const results = await test.handle.client.exec(
      "select 1 as a; select 2 as b, 3 as c where false; select 4 as d",
    );
    expect(results.map(({ rows: found }) => found)).toEqual([[{ a: 1 }], [], [{ d: 4 }]]);
    expect((await test.handle.client.exec("select 1 as a")).map(({ rows: found }) => found)).toEqual([
      [{ a: 1 }],
    ]);
  });

  it("that fails inside a transaction it began leaves none open", async () => {
    const failing = test.handle.client.exec(
      "begin; insert into settings values ('x', '{}', now()); select nonsense",
    );
    await expect(failing).rejects.toThrow();
    const others = await Promise.all(Array.from({ length: 10 }, () => rows(test.db, sql`select 1 as one`)));
    expect(others.flat()).toHaveLength(10);
    expect(await settingKeys(test.db)).toEqual([]);
  });
});

describeOnEveryDatabase("locks and retries", (test) => {
  it("let one transaction after another through a named lock", async () => {
    const order: string[] = [];
    const one = (name: string) =>
      test.handle.transaction(async (tx) => {
        await advisoryLock(tx, "till");
        order.push(`${name} in`);
        await rows(tx, sql`select 1`);
        order.push(`${name} out`);
      });
    await Promise.all([one("a"), one("b"), one("c")]);
    const pairs = [order.slice(0, 2), order.slice(2, 4), order.slice(4)].map((pair) => pair.join());
    expect(pairs.toSorted()).toEqual(["a in,a out", "b in,b out", "c in,c out"]);
  });

  it("say whether a named lock was free", async () => {
    expect(await test.handle.transaction((tx) => tryAdvisoryLock(tx, "free"))).toBe(true);
  });

  it("run a lost transaction again, and give up after the attempts allowed", async () => {
    let runs = 0;
    const fail = sql`do $$ begin raise exception 'lost' using errcode = '40001'; end $$`;
    const result = await retryTransaction(test.handle, async (tx) => {
      runs += 1;
      await writeSetting(tx, `run-${runs}`);
      if (runs < 3) await tx.execute(fail);
      return runs;
    });
    expect(result).toBe(3);
    expect(await settingKeys(test.db)).toEqual(["run-3"]);
    const hopeless = retryTransaction(test.handle, (tx) => tx.execute(fail), { attempts: 2 });
    await expect(hopeless).rejects.toSatisfy((error) => findQueryError(error)?.code === "40001");
  });

  it("do not repeat a transaction that failed for another reason", async () => {
    let runs = 0;
    const work = retryTransaction(test.handle, async () => {
      runs += 1;
      throw new RangeError("no");
    });
    await expect(work).rejects.toThrow(RangeError);
    expect(runs).toBe(1);
  });
});

describe("inChunks", () => {
  it("hands over every item once, in order", async () => {
    const seen: number[][] = [];
    await inChunks([1, 2, 3, 4, 5], 2, async (chunk) => seen.push(chunk));
    expect(seen).toEqual([[1, 2], [3, 4], [5]]);
  });
});

describeOnEveryDatabase("notifications", (test) => {
  it("reach a listener with their payload, until it leaves", async () => {
    const received: string[] = [];
    const arrived = gate();
    const leave = await test.handle.listen("harvest", (payload) => {
      received.push(payload);
      arrived.resolve();
    });
    await rows(test.db, sql`select pg_notify('harvest', 'plums')`);
    await arrived.promise;
    await leave();
    const others = gate();
    const leaveOthers = await test.handle.listen("others", () => others.resolve());
    await rows(test.db, sql`select pg_notify('harvest', 'pears')`);
    await rows(test.db, sql`select pg_notify('others', '')`);
    await others.promise;
    await leaveOthers();
    expect(received).toEqual(["plums"]);
  });
});

describeOnEveryDatabase("a test database", (test) => {
  it("starts every test without rows", async () => {
    await writeSetting(test.db, "left behind");
    await test.db.insert(outbox).values({ topic: "t", payload: {} });
  });

  it("restarts sequences too", async () => {
    expect(await settingKeys(test.db)).toEqual([]);
    expect(
      await test.db.insert(outbox).values({ topic: "t", payload: {} }).returning({ seq: outbox.seq }),
    ).toEqual([{ seq: 1 }]);
    expect(await test.db.$count(counters)).toBe(0);
  });

  it("is emptied of many rows, too, and of what refers to them", async () => {
    const people = Array.from({ length: 2_000 }, (_, n) => ({
      id: newId<UserId>(),
      name: "-".repeat(1_000),
      email: `${n}@demo.example`,
    }));
    await test.db.insert(users).values(people);
    const key = { name: "k", prefix: "p", hash: "h", scopes: ["public"], createdAt: at };
    await test.db.insert(apiKeys).values({ ...key, id: crypto.randomUUID(), userId: people[0]!.id });
    await writeSetting(test.db, "small");
    await test.reset();
    const counts = [users, apiKeys, settings].map((table) => test.db.$count(table));
    expect(await Promise.all(counts)).toEqual([0, 0, 0]);
  });

  it("is filled by the same work once, and afterwards as that left it", async () => {
    let times = 0;
    const fill = (): Promise<void> =>
      test.fill("some", async () => {
        times += 1;
        await writeSetting(test.db, "kept", { times, facts: [null, { deep: 1 }] });
        await test.db.insert(outbox).values({ topic: "t", payload: {} });
      });
    const read = async () => [await test.db.select().from(settings), await test.db.select().from(outbox)];
    await fill();
    const first = await read();
    await test.reset();
    expect(await read()).toEqual([[], []]);
    await fill();
    expect(await read()).toEqual(first);
    expect(first[0]).toMatchObject([{ key: "kept", value: { times: 1 } }]);
    const next = await test.db
      .insert(outbox)
      .values({ topic: "t", payload: {} })
      .returning({ seq: outbox.seq });
    expect(next).toEqual([{ seq: 2 }]);
    expect(times).toBe(1);
  });

  it("tells its health, and after closing that it is down and refuses queries", async () => {
    const other = await openTestDatabase(test.driver);
    expect(await other.handle.health()).toMatchObject({ isUp: true, driver: test.driver });
    await other.close();
    await other.handle.close();
    expect(await other.handle.health()).toMatchObject({ isUp: false });
    const error = await settingKeys(other.db).catch((reason: unknown) => reason);
    expect(error instanceof Error && isAppError(error.cause, "database_unavailable")).toBe(true);
  });
});
