import { formatQuantity, type BaseUnit } from "@almanac/kernel";

/** A quantity that is only expected, without digits that nobody can know: 8.9 kg rather than 8.913 kg. */
export function about(base: number, unit: BaseUnit): string {
  const step = unit === "piece" ? 1 : base >= 1_000 ? 100 : 10;
  return formatQuantity(Math.round(base / step) * step, unit);
}
