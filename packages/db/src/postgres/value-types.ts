import type { PostgresType } from "postgres";

const asText = (value: string) => value;

/** How values travel, so that both drivers answer the same: see `QueryResult` and `driverParameter`. */
export const valueTypes = {
  // date, time, timestamp, timestamptz, interval
  moment: { to: 1184, from: [1082, 1083, 1114, 1184, 1186], serialize: asText, parse: asText },
  bigint: {
    to: 20,
    from: [20],
    serialize: String,
    parse: (value: string) => {
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : BigInt(value);
    },
  },
  // Parameters are already JSON text when they get here.
  json: {
    to: 3802,
    from: [114, 3802],
    serialize: asText,
    parse: (value: string): unknown => JSON.parse(value),
  },
  bytea: {
    to: 17,
    from: [17],
    serialize: (value: Uint8Array) => `\\x${Buffer.from(value).toString("hex")}`,
    parse: (value: string) => Uint8Array.from(Buffer.from(value.slice(2), "hex")),
  },
} satisfies Record<string, PostgresType>;
