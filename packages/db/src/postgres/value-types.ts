import type { PostgresType } from "postgres";
import { parseArrayLiteral } from "./array-literal.ts";

const asText = (value: string) => value;

function parseBigint(value: string): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : BigInt(value);
}

const parseBytes = (value: string) => Uint8Array.from(Buffer.from(value.slice(2), "hex"));

const parseJson = (value: string): unknown => JSON.parse(value);

/** Object ids of array types are fixed for the built-in types; `postgres` would ask the server, and read NULL as text. */
function arrayOf(oids: number[], parseElement: (value: string) => unknown): PostgresType {
  return {
    to: oids[0] ?? 0,
    from: oids,
    serialize: asText,
    parse: (value: string) => parseArrayLiteral(value, parseElement),
  };
}

/** How values travel, so that both drivers answer the same: see `QueryResult` and `driverParameter`. */
export const valueTypes: Record<string, PostgresType> = {
  // date, time, timestamp, timestamptz, interval
  moment: { to: 1184, from: [1082, 1083, 1114, 1184, 1186], serialize: asText, parse: asText },
  bigint: { to: 20, from: [20], serialize: String, parse: parseBigint },
  // Parameters are already JSON text when they get here.
  json: { to: 3802, from: [114, 3802], serialize: asText, parse: parseJson },
  bytea: {
    to: 17,
    from: [17],
    serialize: (value: Uint8Array) => `\\x${Buffer.from(value).toString("hex")}`,
    parse: parseBytes,
  },
  // bool[]
  booleans: arrayOf([1000], (value) => value === "t"),
  // int2[], int4[], oid[], float4[], float8[]
  numbers: arrayOf([1005, 1007, 1028, 1021, 1022], Number),
  bigints: arrayOf([1016], parseBigint),
  // text[], varchar[], bpchar[], name[], uuid[], numeric[], date[], timestamp[], timestamptz[], interval[]
  texts: arrayOf([1009, 1015, 1014, 1003, 2951, 1231, 1182, 1115, 1185, 1187], asText),
  // json[], jsonb[]
  jsons: arrayOf([199, 3807], parseJson),
  byteas: arrayOf([1001], parseBytes),
};
