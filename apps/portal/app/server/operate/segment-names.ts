const names: Readonly<Record<string, string>> = {
  LOYAL_CUSTOMER: "Loyal customers",
  PRICE_SENSITIVE: "Price sensitive",
  IMPULSE_BUYER: "Impulse buyers",
  RESEARCHER: "Researchers",
  BUYER: "Buyers",
  BROWSER: "Browsers",
  NEW: "New",
};

/** A group of shoppers by behaviour, as people say it. */
export const segmentName = (segment: string): string => names[segment] ?? segment;
