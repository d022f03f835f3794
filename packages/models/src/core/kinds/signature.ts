import { AppError } from "@almanac/kernel";

/** One input of a model: a number within bounds, or not known where that is allowed. */
export interface ModelInput {
  readonly name: string;
  readonly kind: "number";
  readonly min: number;
  readonly max: number;
  readonly isOptional: boolean;
}

export type Signature = readonly ModelInput[];
export type InputValues = Readonly<Record<string, number | null>>;

/**
 * The inputs in the order of a model's columns, NaN where one is not known.
 *
 * @throws AppError `input_invalid` for anything but the names of the signature with finite numbers within their bounds
 */
export function columnsOf(signature: Signature, input: Readonly<Record<string, unknown>>): Float64Array {
  const names = new Set(signature.map(({ name }) => name));
  const stranger = Object.keys(input).find((name) => !names.has(name));
  if (stranger !== undefined) refuse(`the model takes no "${stranger.slice(0, 40)}"`);
  return Float64Array.from(signature, (wanted) =>
    valueOf(wanted, Object.hasOwn(input, wanted.name) ? input[wanted.name] : null),
  );
}

function valueOf({ name, min, max, isOptional }: ModelInput, value: unknown): number {
  if (value === null || value === undefined) return isOptional ? Number.NaN : refuse(`"${name}" is missing`);
  if (typeof value !== "number" || !Number.isFinite(value)) return refuse(`"${name}" is not a finite number`);
  if (value < min || value > max) return refuse(`"${name}" is not from ${min} to ${max}`);
  return value;
}

function refuse(why: string): never {
  throw new AppError("input_invalid", `This is no input of the model: ${why}.`);
}

/** A row of features as an input: bounded, `null` where not known. */
export function inputOf(signature: Signature, values: ArrayLike<number>, offset = 0): InputValues {
  return Object.fromEntries(
    signature.map(({ name, min, max, isOptional }, column) => {
      const value = values[offset + column]!;
      const known = Number.isNaN(value) ? (isOptional ? null : min) : Math.min(max, Math.max(min, value));
      return [name, known];
    }),
  );
}
