/**
 * What has to be known of a group of shoppers to compare them: counts and sums, never the shoppers. Sums of two groups add
 * up to those of both, so that SQL may group as it likes.
 *
 * Of each shopper: `y` what is measured, `x` what it is measured per (1, or the number of searches for a click rate), `c`
 * what the shopper did before the experiment (0 where that is not used).
 */
export interface Moments {
  readonly n: number;
  readonly y: number;
  readonly x: number;
  readonly c: number;
  readonly yy: number;
  readonly xx: number;
  readonly cc: number;
  readonly yx: number;
  readonly yc: number;
}

export const noMoments: Moments = { n: 0, y: 0, x: 0, c: 0, yy: 0, xx: 0, cc: 0, yx: 0, yc: 0 };

export function addMoments(a: Moments, b: Moments): Moments {
  return {
    n: a.n + b.n,
    y: a.y + b.y,
    x: a.x + b.x,
    c: a.c + b.c,
    yy: a.yy + b.yy,
    xx: a.xx + b.xx,
    cc: a.cc + b.cc,
    yx: a.yx + b.yx,
    yc: a.yc + b.yc,
  };
}

/** The moments of one shopper. */
export function momentsOf(y: number, x = 1, c = 0): Moments {
  return { n: 1, y, x, c, yy: y * y, xx: x * x, cc: c * c, yx: y * x, yc: y * c };
}

export function sumMoments(parts: Iterable<Moments>): Moments {
  let sum = noMoments;
  for (const part of parts) sum = addMoments(sum, part);
  return sum;
}

/** Sample variances and covariances of one group, with n - 1. Zero for fewer than two shoppers. */
export interface Spread {
  readonly yy: number;
  readonly xx: number;
  readonly cc: number;
  readonly yx: number;
  readonly yc: number;
}

export function spreadOf(m: Moments): Spread {
  const { n } = m;
  if (n < 2) return { yy: 0, xx: 0, cc: 0, yx: 0, yc: 0 };
  const centred = (product: number, one: number, other: number): number =>
    (product - (one * other) / n) / (n - 1);
  return {
    yy: Math.max(0, centred(m.yy, m.y, m.y)),
    xx: Math.max(0, centred(m.xx, m.x, m.x)),
    cc: Math.max(0, centred(m.cc, m.c, m.c)),
    yx: centred(m.yx, m.y, m.x),
    yc: centred(m.yc, m.y, m.c),
  };
}
