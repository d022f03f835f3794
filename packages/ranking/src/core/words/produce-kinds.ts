/** What is a kind of the first names, which are no kind of it: "bread" finds a sourdough, and "sourdough" no other bread. */
const kinds: readonly (readonly [names: string, kinds: string])[] = [
  [
    "bread loaf",
    "sourdough baguette ciabatta focaccia brioche challah pumpernickel boule batard flatbread pita",
  ],
  ["pastry", "croissant bun danish galette pie quiche scone strudel tart turnover"],
  ["dairy", "milk cheese cream yogurt yoghurt"],
  ["poultry", "chicken turkey goose"],
];

/** Kinds of what a term names, as terms; for single words only. */
export const produceKinds: ReadonlyMap<string, readonly string[]> = new Map(
  kinds.flatMap(([names, of]) => names.split(" ").map((name) => [name, of.split(" ")] as const)),
);
