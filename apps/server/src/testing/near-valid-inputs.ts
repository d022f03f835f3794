import type { Rng } from "@almanac/kernel";
import { safeParse, type $ZodType } from "zod/v4/core";

/** What could stand in a field of this name; the schema has the last word. */
export type ValuesOf = (field: string) => readonly unknown[];

type Path = readonly (string | number)[];

/** One value inside an input, and the schema that it has to pass. */
interface Place {
  readonly path: Path;
  readonly schema: $ZodType;
}

export interface MadeInput {
  readonly value: unknown;
  readonly places: readonly Place[];
}

/**
 * An input that the schemas of a procedure let through, as far as `valuesOf` knows what its fields want, and where its values
 * stand. A field for which nothing is known that passes is left out.
 */
export function validInput(schemas: readonly $ZodType[], rng: Rng, valuesOf: ValuesOf): MadeInput {
  const places: Place[] = [];
  const parts = schemas.map((schema) => make(schema, [], { rng, valuesOf, places }));
  if (parts.length < 2) return { value: parts[0], places };
  return { value: Object.assign({}, ...parts) as unknown, places };
}

interface Making {
  readonly rng: Rng;
  readonly valuesOf: ValuesOf;
  readonly places: Place[];
}

/** zod's own description of a schema; each kind has other members. */
interface Definition {
  readonly type: string;
  readonly innerType?: $ZodType;
  readonly element?: $ZodType;
  readonly shape?: Readonly<Record<string, $ZodType>>;
  readonly options?: readonly $ZodType[];
  readonly values?: readonly unknown[];
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly in?: $ZodType;
  readonly left?: $ZodType;
  readonly right?: $ZodType;
  readonly keyType?: $ZodType;
  readonly valueType?: $ZodType;
}

interface Bounds {
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Least and most of a number, or of the length of a text or a list, as far as it was given. */
function boundsOf(schema: $ZodType): Bounds {
  const bounds: { minimum?: number; maximum?: number } = {};
  for (const check of schema._zod.def.checks ?? []) {
    const { check: kind, value, minimum = value, maximum = value } = check._zod.def as unknown as Check;
    if (kind === "greater_than" || kind === "min_length") bounds.minimum = Number(minimum);
    if (kind === "less_than" || kind === "max_length") bounds.maximum = Number(maximum);
  }
  return bounds;
}

/** zod's own description of a check. */
interface Check {
  readonly check: string;
  readonly value?: unknown;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
}

function make(schema: $ZodType, path: Path, making: Making): unknown {
  const { rng, places } = making;
  const definition = schema._zod.def as unknown as Definition;
  const inner = (): unknown => make(definition.innerType!, path, making);
  switch (definition.type) {
    case "optional":
    case "default":
    case "prefault":
      return rng.next() < 0.3 ? undefined : inner();
    case "nullable":
      return rng.next() < 0.2 ? null : inner();
    case "readonly":
    case "nonoptional":
    case "catch":
      return inner();
    case "lazy":
      return rng.pick<unknown>(["x", 1, true, null, { a: [1] }]);
    case "pipe":
      // A transform says nothing of what it wants; what stands before it does.
      return make(definition.in!, path, making);
    case "intersection":
      return Object.assign(
        {},
        make(definition.left!, path, making),
        make(definition.right!, path, making),
      ) as unknown;
    case "union":
      return make(rng.pick(definition.options!), path, making);
  }
  places.push({ path, schema });
  switch (definition.type) {
    case "object": {
      const parts = Object.entries(definition.shape!).map(([name, part]) => [
        name,
        make(part, [...path, name], making),
      ]);
      return Object.fromEntries(parts.filter(([, value]) => value !== undefined)) as unknown;
    }
    case "record": {
      const apart = { ...making, places: [] };
      const name = String(make(definition.keyType!, [...path, "key"], apart));
      return { [name]: make(definition.valueType!, [...path, "value"], apart) };
    }
    case "array": {
      const length = Math.max(boundsOf(schema).minimum ?? 0, rng.int(4));
      return Array.from({ length }, (_, at) => make(definition.element!, [...path, at], making));
    }
    case "enum":
      return rng.pick(Object.values(definition.entries!));
    case "literal":
      return rng.pick(definition.values!);
    case "boolean":
      return rng.next() < 0.5;
    default:
      return plainValue(schema, fieldOf(path), making);
  }
}

const fieldOf = (path: Path): string => path.findLast((part) => typeof part === "string") ?? "input";

function plainValue(schema: $ZodType, field: string, { rng, valuesOf }: Making): unknown {
  const passes = (value: unknown): boolean => safeParse(schema, value).success;
  const named = valuesOf(field).filter(passes);
  if (named.length > 0) return rng.pick(named);
  const { minimum = 0, maximum = 1_000 } = boundsOf(schema);
  const [low, high] = [Math.max(minimum, -1_000_000), Math.min(maximum, 1_000_000)];
  const numbers = [low + rng.int(Math.max(1, Math.floor(high - low))), low, (low + high) / 2];
  const any = [...numbers, ...plainValues].filter(passes);
  return any.length > 0 ? rng.pick(any) : undefined;
}

/** One of each form that inputs of text have. */
const plainValues: readonly unknown[] = [
  "2025-08-16",
  "2025-08-20T12:00:00Z",
  "06-15",
  "12:30",
  "a-word",
  "Tomatoes & herbs",
  "key-0123456789",
  "00000000-0000-4000-8000-000000000000",
  "17",
];

const oddNumbers: readonly unknown[] = [
  0,
  -0,
  -1,
  0.5,
  1e-320,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 53 - 1,
  2 ** 53 + 2,
  2 ** 63,
  1e308,
  // As JSON carries it: 1e999.
  Infinity,
  "NaN",
  "1",
];

const oddTexts: readonly unknown[] = [
  "",
  " ",
  "\t\n",
  "' or 1=1 --",
  "%",
  "\\",
  "__proto__",
  "constructor",
  "../../etc/passwd",
  "\0",
  "\ud800",
  "\u202e\u0301\u200b",
  "😀".repeat(50),
  "x".repeat(100_000),
  "-1",
  "1e9",
  "99999999999999999999",
  "0000-01-01",
  "0001-01-01",
  "2025-02-29",
  "9999-12-31",
  "0000-01-01T00:00:00Z",
  "9999-12-31T23:59:59-23:59",
  "1970-01-01T00:00:00Z",
  "02-29",
  "ffffffff-ffff-ffff-ffff-ffffffffffff",
  "00000000-0000-0000-0000-000000000000",
];

const oddOthers: readonly unknown[] = [null, true, 0, "x", [], {}, [[]], { a: 1 }, [null], ["x", "x"]];

/**
 * The same input with one thing in it that is at a bound, beyond it, missing, of another kind, or doubled; or with two ends
 * turned round. Not all of them are wrong: what is at a bound may pass.
 */
export function nearValidInput({ value, places }: MadeInput, rng: Rng, valuesOf: ValuesOf): unknown {
  if (places.length === 0) return rng.pick(oddOthers);
  const copy = structuredClone(value);
  const turnable = isRecord(copy) ? ends.filter(([first, last]) => first in copy && last in copy) : [];
  if (isRecord(copy) && turnable.length > 0 && rng.next() < 0.15) {
    const [first, last] = rng.pick(turnable);
    [copy[first], copy[last]] = [copy[last], copy[first]];
    return copy;
  }
  const { path, schema } = rng.pick(places);
  const name = path.at(-1);
  const parent = path.slice(0, -1).reduce<unknown>((at, part) => (isRecord(at) ? at[part] : undefined), copy);
  if (name === undefined || !isRecord(parent)) return rng.pick<unknown>([...oddOthers, [copy]]);
  if (rng.next() < 0.08) {
    if (Array.isArray(parent)) parent.splice(Number(name), 1);
    else delete parent[name];
    return copy;
  }
  parent[name] = changed(schema, parent[name], { rng, named: valuesOf(fieldOf(path)) });
  return copy;
}

const isRecord = (value: unknown): value is Record<string | number, unknown> =>
  typeof value === "object" && value !== null;

/** Fields that are the two ends of something. */
const ends = [
  ["from", "to"],
  ["fromDay", "toDay"],
  ["firstDay", "lastDay"],
  ["opensAt", "closesAt"],
  ["startsAt", "endsAt"],
  ["minPriceCents", "maxPriceCents"],
  ["harvestedOn", "bestBefore"],
  ["lastFrost", "firstFrost"],
] as const;

function changed(
  schema: $ZodType,
  value: unknown,
  { rng, named }: { rng: Rng; named: readonly unknown[] },
): unknown {
  const roll = rng.next();
  if (roll < 0.12) return rng.pick(oddOthers);
  const { minimum, maximum } = boundsOf(schema);
  if (typeof value === "number") {
    const bounds = [minimum, maximum].filter((bound) => bound !== undefined && Number.isFinite(bound));
    const around = (bounds as number[]).flatMap((bound) => [bound, bound - 1, bound + 1, bound + 0.5]);
    return rng.pick<unknown>(roll < 0.6 && around.length > 0 ? around : oddNumbers);
  }
  if (Array.isArray(value)) {
    const most = Math.min(maximum ?? 200, 1_000);
    const full = Array<unknown>(most).fill(value[0]);
    return rng.pick<unknown>([[], [...value, ...(value as unknown[])], full, [...full, value[0]]]);
  }
  if (typeof value === "string") {
    if (roll < 0.4 && named.length > 0) return rng.pick(named);
    if (roll < 0.55 && maximum !== undefined) return rng.pick(["x".repeat(maximum), "x".repeat(maximum + 1)]);
    return rng.pick(oddTexts);
  }
  return rng.pick([...oddOthers, ...oddTexts, ...oddNumbers]);
}
