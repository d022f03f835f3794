/**
 * A parameter in a form that both drivers understand in the same way: dates become ISO text, bigints decimal text,
 * arrays PostgreSQL array literals, other objects JSON; text, numbers, booleans, bytes and null stay as they are.
 */
export function driverParameter(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object") return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return arrayLiteral(value);
  return JSON.stringify(value);
}

function arrayLiteral(values: readonly unknown[]): string {
  return `{${values.map(arrayElement).join(",")}}`;
}

function arrayElement(value: unknown): string {
  if (Array.isArray(value)) return arrayLiteral(value);
  const plain = driverParameter(value);
  if (plain === null) return "NULL";
  const text = plain instanceof Uint8Array ? `\\x${Buffer.from(plain).toString("hex")}` : String(plain);
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
