import { AppError } from "@almanac/kernel";

/**
 * Refuses a history with an infinite value; NaN and null are gaps and pass.
 *
 * @throws AppError `input_invalid` that names the first one
 */
export function refuseInfinite(values: ArrayLike<number | null>): void {
  for (let t = 0; t < values.length; t++) {
    const value = values[t];
    if (value === Infinity || value === -Infinity) {
      throw new AppError("input_invalid", `value ${t} of the series is ${value}`);
    }
  }
}
