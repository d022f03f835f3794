/**
 * Stock is counted in whole base units: grams for what is weighed, millilitres for what is poured, pieces for the rest.
 * A bunch, a jar and an egg are pieces.
 */
export type BaseUnit = "g" | "ml" | "piece";

export const baseUnits = ["g", "ml", "piece"] as const satisfies readonly BaseUnit[];

/**
 * A quantity as a person reads it: "1.515 kg", "750 g", "0.5 l", "3 pieces".
 *
 * @param quantityBase whole base units, may be negative in a ledger
 */
export function formatQuantity(quantityBase: number, unit: BaseUnit): string {
  switch (unit) {
    case "g":
      return Math.abs(quantityBase) >= 1000 ? `${trimZeros(quantityBase / 1000)} kg` : `${quantityBase} g`;
    case "ml":
      return Math.abs(quantityBase) >= 1000 ? `${trimZeros(quantityBase / 1000)} l` : `${quantityBase} ml`;
    case "piece":
      return quantityBase === 1 ? "1 piece" : `${quantityBase} pieces`;
  }
}

/** What is only expected, without digits that nobody can know: 8.9 kg rather than 8.913 kg, 420 g rather than 417 g. */
export function formatRoughQuantity(quantityBase: number, unit: BaseUnit): string {
  const step = unit === "piece" ? 1 : Math.abs(quantityBase) >= 1000 ? 100 : 10;
  return formatQuantity(Math.round(quantityBase / step) * step, unit);
}

function trimZeros(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
