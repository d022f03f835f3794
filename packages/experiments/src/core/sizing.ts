import { normalQuantile } from "./special-functions.ts";

/**
 * Shoppers needed in both of two even arms to see a relative lift with the given power at two-sided alpha, in one look at
 * the end; looking on the way by O'Brien and Fleming's spending costs about 3 % more, which is added.
 *
 * @param mean        of the control, > 0
 * @param deviation   standard deviation of one shopper (sqrt(p (1 - p)) for a share)
 * @param lift        relative, such as .2
 */
export function unitsNeeded(
  { mean, deviation, lift }: { mean: number; deviation: number; lift: number },
  { power = 0.8, alpha = 0.05 } = {},
): number {
  const z = normalQuantile(1 - alpha / 2) + normalQuantile(power);
  const perArm = (2 * (z * deviation) ** 2) / (mean * lift) ** 2;
  return Math.ceil(2 * perArm * 1.03);
}
