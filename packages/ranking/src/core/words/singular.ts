// A map, not a record: "constructor" is a word too.
const irregular: ReadonlyMap<string, string> = new Map(
  Object.entries({
    leaves: "leaf",
    loaves: "loaf",
    halves: "half",
    calves: "calf",
    shelves: "shelf",
    knives: "knife",
    geese: "goose",
    mice: "mouse",
    children: "child",
    men: "man",
    women: "woman",
    feet: "foot",
    teeth: "tooth",
    shoes: "shoe",
    toes: "toe",
    hoes: "hoe",
    canoes: "canoe",
    cookies: "cookie",
    brownies: "brownie",
    smoothies: "smoothie",
    veggies: "veggie",
    movies: "movie",
    pies: "pie",
    chilies: "chili",
    chillies: "chilli",
    ties: "tie",
    quiches: "quiche",
    ostriches: "ostrich",
    axes: "axe",
    lenses: "lens",
    buses: "bus",
    gases: "gas",
    molasses: "molasses",
    swiss: "swiss",
  }),
);

/**
 * The singular of an English word in lower case, by its ending: tomatoes, berries, peaches, radishes, leaves, beets.
 * It only has to treat both sides alike, the query and the catalogue, so it never needs a dictionary: words in -ss,
 * -us and -is ("cress", "asparagus", "swiss") stay as they are, and words under four letters are left alone.
 */
export function singular(word: string): string {
  const known = irregular.get(word);
  if (known !== undefined) return known;
  if (word.length < 4 || !word.endsWith("s") || /(?:ss|us|is)$/.test(word)) return word;
  if (word.endsWith("ies")) return word.length > 4 ? `${word.slice(0, -3)}y` : word.slice(0, -1);
  if (/(?:oes|ches|shes|sses|xes|zzes)$/.test(word)) return word.slice(0, -2);
  return word.slice(0, -1);
}
