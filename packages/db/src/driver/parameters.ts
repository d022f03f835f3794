import { invariant } from "@almanac/kernel";

export type DriverParameter = string | number | boolean | Uint8Array | null;

/**
 * A parameter in a form that both drivers understand in the same way: dates become ISO text, bigints decimal text,
 * arrays PostgreSQL array literals, other objects JSON; text, numbers, booleans, bytes and null stay as they are.
 * A JSON array as a parameter of hand-written SQL must come as JSON text, or it is taken for a PostgreSQL array.
 */
export function driverParameter(value: unknown): DriverParameter {
  if (value === undefined || value === null) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (typeof value === "bigint") return value.toString();
  invariant(typeof value === "object", "a parameter is a value, not a function or a symbol");
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return value;
  return Array.isArray(value) ? arrayLiteral(value) : JSON.stringify(value);
}

function arrayLiteral(values: readonly unknown[]): string {
  return `{${values.map(arrayElement).join(",")}}`;
}

const needsEscape = /["\\]/;
const toEscape = /["\\]/g;

function arrayElement(value: unknown): string {
  if (typeof value === "string")
    return needsEscape.test(value) ? `"${value.replace(toEscape, "\\$&")}"` : `"${value}"`;
  if (Array.isArray(value)) return arrayLiteral(value);
  const plain = driverParameter(value);
  if (plain === null) return "NULL";
  if (plain instanceof Uint8Array) return `"\\\\x${Buffer.from(plain).toString("hex")}"`;
  return arrayElement(String(plain));
}
