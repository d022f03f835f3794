/** What an operator's rule does, to what, and in which season: as the forms and the API name them. */
export const kinds = ["boost", "pin", "bury"] as const;
export const targets = ["product", "category", "farm"] as const;
export const seasons = ["SPRING", "SUMMER", "FALL", "WINTER"] as const;

export type RuleKind = (typeof kinds)[number];
