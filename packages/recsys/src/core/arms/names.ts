/** Ways to recommend for a shopper, under one interface. `control` is the owner's five; the others are learned. */
export const armNames = ["control", "item-knn", "next-basket", "popular"] as const;
export type ArmName = (typeof armNames)[number];

/** What a shopper is served by: an arm, or "none" for the few who are held out of every list that a model makes. */
export const servingArms = [...armNames, "none"] as const;
export type ServingArm = (typeof servingArms)[number];
