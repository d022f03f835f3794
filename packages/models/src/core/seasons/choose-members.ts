/** How much less the network missed than the plain member, a week each, of one product. */
export interface ProductGain {
  readonly product: string;
  /** Squared error of the plain member minus that of the network. */
  readonly differences: readonly number[];
}

/**
 * Which products the network is chosen for. A product's own mean of eight weeks or so is mostly chance, so it is shrunk
 * towards the mean of all: (n own + k all) / (n + k), k being how many weeks of one product weigh as much as what sets products
 * apart, by the method of moments. Where products do not differ beyond chance, all follow the mean of all.
 *
 * Efron and Morris (1975), "Data Analysis Using Stein's Estimator and its Generalizations".
 */
export function chooseNetwork(gains: readonly ProductGain[]): ReadonlySet<string> {
  const own = gains
    .filter(({ differences }) => differences.length > 0)
    .map(({ product, differences }) => ({ product, rows: differences.length, ...momentsOf(differences) }));
  const rows = own.reduce((sum, one) => sum + one.rows, 0);
  if (rows === 0) return new Set();
  const all = own.reduce((sum, one) => sum + one.rows * one.mean, 0) / rows;
  const within = own.reduce((sum, one) => sum + one.squares, 0) / Math.max(1, rows - own.length);
  const spread = own.reduce((sum, one) => sum + one.rows * (one.mean - all) ** 2, 0);
  const sizes = rows - own.reduce((sum, one) => sum + one.rows ** 2, 0) / rows;
  const between = sizes > 0 ? Math.max(0, (spread - (own.length - 1) * within) / sizes) : 0;
  const chosen = own.filter(({ rows: count, mean }) => {
    const share = between === 0 ? 0 : count / (count + within / between);
    return share * mean + (1 - share) * all > 0;
  });
  return new Set(chosen.map(({ product }) => product));
}

function momentsOf(values: readonly number[]): { mean: number; squares: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, squares: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) };
}
