import { getTableColumns, sql } from "drizzle-orm";
import {
  bigint,
  bigserial,
  boolean,
  customType,
  date,
  doublePrecision,
  integer,
  jsonb,
  pgTable,
  real,
  serial,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { insertMany } from "./insert-many.ts";
import { rows } from "./rows.ts";
import { settings } from "./schema/index.ts";
import { describeOnEveryDatabase } from "./testing.ts";

const at = new Date("2026-11-22T07:30:00.125Z");
const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => "bytea" });
let drawn = 0;

/** A column of every kind that there is in the schema. */
const kinds = {
  nr: bigserial({ mode: "number" }),
  small: serial(),
  words: text(),
  oneWord: text().notNull().default("unsaid"),
  whole: integer(),
  large: bigint({ mode: "number" }),
  share: doublePrecision(),
  rough: real(),
  isOn: boolean(),
  day: date({ mode: "string" }),
  moment: timestamp({ withTimezone: true, precision: 3, mode: "date" }),
  anId: uuid(),
  facts: jsonb(),
  bytes: bytea(),
  many: text().array(),
  shares: real().array(),
  moments: timestamp({ withTimezone: true, precision: 3, mode: "date" }).array(),
  drawn: integer().$defaultFn(() => ++drawn),
};
const atOnce = pgTable("kinds_at_once", kinds);
const oneByOne = pgTable("kinds_one_by_one", kinds);

type Row = typeof atOnce.$inferInsert;

describeOnEveryDatabase("many rows", (test) => {
  beforeAll(async () => {
    const columns = Object.values(getTableColumns(atOnce)).map((column) => {
      const name = column.name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      return `${name} ${column.getSQLType()}${name === "one_word" ? " not null default 'unsaid'" : ""}`;
    });
    await test.handle.client.exec(`create table kinds_at_once (${columns.join(", ")})`);
    await test.handle.client.exec(`create table kinds_one_by_one (${columns.join(", ")})`);
  });
  afterAll(() => test.handle.client.exec("drop table kinds_at_once, kinds_one_by_one"));

  it("are inserted in as many statements as they need", async () => {
    const many = Array.from({ length: 9_000 }, (_, index) => ({
      key: `k${index}`,
      value: { index },
      updatedAt: at,
    }));
    await insertMany(test.db, settings, many);
    expect(await test.db.$count(settings)).toBe(9_000);
    await insertMany(test.db, settings, []);
  });

  /** What was read of rows that were inserted so, and one at a time by drizzle. */
  async function bothWays(given: readonly Row[]): Promise<readonly [at: unknown, one: unknown]> {
    drawn = 0;
    await insertMany(test.db, atOnce, given);
    drawn = 0;
    for (const row of given) await test.db.insert(oneByOne).values(row);
    const read = (table: string) => rows(test.db, sql.raw(`select * from ${table} order by nr`));
    return [await read("kinds_at_once"), await read("kinds_one_by_one")];
  }

  const whole: Row = {
    nr: 7,
    small: 3,
    words: `of "quotes", \\ and 'more', {braces}, null, ütf 🍅 \n\t, half a pair \ud83d`,
    oneWord: "",
    whole: -2_147_483_648,
    large: Number.MAX_SAFE_INTEGER,
    share: 0.1 + 0.2,
    rough: 0.1,
    isOn: false,
    day: "2026-02-28",
    moment: at,
    anId: "0b0f1f6a-5d2b-4c3e-8f6a-1b2c3d4e5f60",
    facts: { deep: [1, "two", null, { three: 3.5 }], text: `"` },
    bytes: new Uint8Array([0, 1, 127, 128, 255]).subarray(1),
    many: [`a "b"`, "{c,d}", "", "null", "ü"],
    shares: [0.25, 1e-7],
    moments: [at],
    drawn: 1,
  };

  it.each<[string, readonly Row[]]>([
    ["of every kind of column", [whole, { ...whole, nr: 8, isOn: true, many: [], shares: [], moments: [] }]],
    [
      "with numbers that are none",
      [Number.NaN, Infinity, -Infinity, 5e-324, 1.7976931348623157e308, 1e21].map((share, nr) => ({
        nr,
        share,
        rough: share > 1e38 || share < 1e-38 ? 0 : share,
        shares: [Math.fround(1 / 3)],
      })),
    ],
    [
      "with facts of every kind",
      [[], "text", 5, true, { a: null }, "null"].map((facts, nr) => ({ nr, facts })),
    ],
    [
      "of which some say nothing, or leave out what has a default",
      [{ words: "a", whole: null }, { oneWord: "said" }, { facts: null }, { many: null, moment: at }],
    ],
    ["that all leave out what has a default", [{ whole: 1 }, { whole: 2, words: "b" }]],
    ["that say nothing at all", [{}, {}]],
  ])("%s are what they are when inserted one by one", async (_, given) => {
    const [together, single] = await bothWays(given);
    expect(together).toEqual(single);
    expect(together).toHaveLength(given.length);
  });

  it("are refused with the database's own reason, and none of them is there", async () => {
    const refused = insertMany(test.db, atOnce, [{ whole: 1 }, { whole: 1.5 }]);
    await expect(refused).rejects.toMatchObject({ cause: { code: "22P02" } });
    expect(await test.db.$count(atOnce)).toBe(0);
  });
});
