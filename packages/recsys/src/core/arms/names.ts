/** Ways to recommend for a shopper, under one interface. `control` is the owner's five; the others are learned. */
export const armNames = ["control", "item-knn", "next-basket", "popular"] as const;
export type ArmName = (typeof armNames)[number];
