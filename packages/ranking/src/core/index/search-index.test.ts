import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { SearchIndex } from "./search-index.ts";

function indexOf(products: Readonly<Record<string, readonly string[] | string>>): SearchIndex {
  const index = new SearchIndex();
  for (const [id, texts] of Object.entries(products))
    index.put(id, typeof texts === "string" ? [texts] : texts);
  return index;
}

const stall = indexOf({
  tomato: ["Heirloom Tomato", "Vegetables", "Hollow Oak", "Ripened on the vine"],
  cherry: ["Cherry Tomatoes", "Vegetables", "Fern Bank"],
  chutney: ["Green Tomato Chutney", "Preserved", "Whey Street"],
  potato: ["Potatoes, waxy", "Root Vegetables", "Hollow Oak"],
  broccoli: ["Broccoli", "Vegetables", "Hollow Oak"],
  zucchini: ["Zucchini", "Vegetables", "Fern Bank"],
  aubergine: ["Aubergine", "Vegetables", "Fern Bank"],
  scallion: ["Scallions", "Vegetables", "Fern Bank"],
  sweetcorn: ["Sweetcorn", "Vegetables", "Hollow Oak"],
  beet: ["Beets, bunched", "Root Vegetables", "Hollow Oak"],
  berry: ["Strawberries", "Berries", "Fern Bank"],
  mozzarella: ["Mozzarella", "Dairy", "Whey Street", "Good with tomato"],
  creme: ["Crème fraîche", "Dairy", "Whey Street"],
  kale: ["Kale leaves", "Greens", "Fern Bank"],
  chili: ["Cayenne chilies", "Vegetables", "Fern Bank"],
});

const first = (query: string, index = stall): string | undefined => index.search(query).hits[0]?.id;

describe("finding a product", () => {
  it.each([
    ["tomatos", "cherry"],
    ["tomatoe", "cherry"],
    ["brocoli", "broccoli"],
    ["zuchini", "zucchini"],
    ["potatos", "potato"],
    ["strawbery", "berry"],
    ["stawberries", "berry"],
    ["mozarela", "mozzarella"],
    ["rboccoli", "broccoli"],
    ["vroccoli", "broccoli"],
  ])("recognises %s behind its typing error", (query, id) => {
    expect(first(query)).toBe(id);
  });

  it.each([
    ["eggplant", "aubergine"],
    ["eggplnat", "aubergine"],
    ["courgettes", "zucchini"],
    ["spring onions", "scallion"],
    ["beetroot", "beet"],
    ["maize", "sweetcorn"],
    ["sweet corn", "sweetcorn"],
    ["creme fraiche", "creme"],
    ["kale leaf", "kale"],
    ["chilli", "chili"],
    ["chillies", "chili"],
    ["chili", "chili"],
    ["heirloomtomato", "tomato"],
  ])("finds %s under the name the farm uses", (query, id) => {
    expect(first(query)).toBe(id);
  });

  it("says what it took a misspelt word for, and nothing when the word was right or only begun", () => {
    expect(stall.search("heirloom tomatoe").correctedQuery).toBe("heirloom tomato");
    expect(stall.search("brocoli").corrections).toEqual([{ from: "brocoli", to: "broccoli" }]);
    expect(stall.search("tomatoes").correctedQuery).toBeUndefined();
    expect(stall.search("zucc").correctedQuery).toBeUndefined();
    expect(stall.search("eggplant").correctedQuery).toBeUndefined();
  });

  it("takes a short word for no other that never stands with the rest, and still corrects one of two things", () => {
    const shelf = indexOf({ chard: "Rainbow chard", tomme: ["Alpine tomme", "Cheese"], goat: "Goat cheese" });
    expect(shelf.search("hard cheese")).toMatchObject({ corrections: [], total: 2 });
    expect(shelf.search("chrd").corrections).toEqual([{ from: "chrd", to: "chard" }]);
    expect(shelf.search("gaot cheese").correctedQuery).toBe("goat cheese");
    expect(stall.search("brocoli tomatoes").corrections).toEqual([{ from: "brocoli", to: "broccoli" }]);
  });

  it.each([
    ["oranges", undefined],
    ["oats", undefined],
    ["hard", undefined],
    ["wines", undefined],
    ["mulberries", undefined],
    ["omatoes", "tomato"],
    ["otmatoes", "tomato"],
    ["romatoes", "tomato"],
    ["rtomatoes", "tomato"],
    ["hcard", "chard"],
    ["khard", "chard"],
    ["pilberries", "bilberry"],
  ])("takes %s, of another first letter and alone, for %s", (query, meant) => {
    const shelf = indexOf({
      eggs: "Free-range eggs",
      goat: "Goat cheese",
      chard: "Chard",
      vine: "Vine tomatoes",
      berry: "Bilberries",
    });
    expect(shelf.search(query).correctedQuery).toBe(meant);
    expect(shelf.search(query).total).toBe(meant === undefined ? 0 : 1);
  });

  it.each([
    ["chickpeas", undefined, "chicken"],
    ["grail", undefined, "grain"],
    ["coat", undefined, undefined],
    // A form of what there is, what is misspelt on the shelf, and what is no word at all.
    ["squared", "square", undefined],
    ["cardamom", "cardamon", undefined],
    ["chikcen", "chicken", undefined],
  ])("takes %s alone for %s, and asks whether %s was meant", (query, meant, offered) => {
    const shelf = indexOf({
      chicken: "Whole chicken",
      grain: "Grain",
      goat: "Goat cheese",
      square: "Square loaf",
      spice: "Cardamon",
    });
    expect(shelf.search(query)).toMatchObject({ correctedQuery: meant, offeredQuery: offered });
    expect(shelf.search(query).total).toBe(meant === undefined ? 0 : 1);
  });

  it("takes a slip for what sounds like it, before what is more common", () => {
    const beans = Object.fromEntries(Array.from({ length: 6 }, (_, at) => [`bean${at}`, "Runner beans"]));
    const shelf = indexOf({ ...beans, beef: "Ground beef", beet: "Beets" });
    const { correctedQuery, hits } = shelf.search("beaf");
    expect(correctedQuery).toBe("beef");
    expect(hits[0]!.id).toBe("beef");
    expect(shelf.search("beab").correctedQuery).toBe("bean");
  });

  it("finds kinds of what is asked for, and nothing else of the kind for one of them", () => {
    const shelf = indexOf({
      rye: ["Rye sourdough", "Bread & Bakes"],
      bun: ["Cinnamon bun", "Bread & Bakes"],
      milk: ["Raw milk", "Milk & Butter"],
      loaf: "Country loaf",
    });
    const found = (query: string): string[] => shelf.search(query).hits.map(({ id }) => id);
    expect(found("loaf")).toEqual(["loaf", "rye", "bun"]);
    expect(found("bread")[2]).toBe("bun");
    expect(found("sourdough")).toEqual(["rye"]);
    expect(found("dairy")).toEqual(["milk"]);
    expect(found("pastries")).toEqual(["bun"]);
  });

  it.each([
    ["gluten free", [], ["gluten free"]],
    ["dairy-free", [], ["dairy free"]],
    ["egg free", [], ["egg free"]],
    ["no gluten bread", ["rye"], ["gluten free"]],
    ["gluten free bread", ["rye"], ["gluten free"]],
    ["free range eggs", ["eggs"], []],
    ["eggs free range", ["eggs"], []],
    ["free", ["eggs"], []],
    ["sugar free", ["jam"], []],
    ["jam without sugar", ["jam"], []],
    ["sugar", ["jam", "peas"], []],
  ])("finds for %s only what says so: %j", (query, ids, unmet) => {
    const shelf = indexOf({
      eggs: ["Free-range eggs", "Eggs"],
      cheese: ["Cheddar", "Dairy"],
      rye: ["Rye bread", "Bakes", "", "Contains gluten"],
      peas: "Sugar snap peas",
      jam: ["Plum jam", "", "", "No sugar"],
    });
    expect(
      shelf
        .search(query)
        .hits.map(({ id }) => id)
        .toSorted(),
    ).toEqual(ids);
    expect(shelf.match(query).unmet).toEqual(unmet);
  });

  it("takes a word of its own for another one that stands beside the rest in some product", () => {
    const shelf = indexOf({ cheese: "Cream cheese", soft: "Soft cheese" });
    expect(shelf.search("dream cheese").correctedQuery).toBe("cream cheese");
  });

  it("says so for a plural that nobody spells like that, and takes it as typed when asked to", () => {
    expect(stall.search("tomatos")).toMatchObject({ correctedQuery: "tomato", total: 4 });
    expect(stall.search("green tomatos").correctedQuery).toBe("green tomato");
    expect(stall.search("tomatos", { fuzzy: false }).total).toBe(0);
    for (const query of ["tomatoes", "tomato", "beets", "aubergines"]) {
      expect(stall.search(query).correctedQuery).toBeUndefined();
      expect(stall.search(query, { fuzzy: false }).total).toBeGreaterThan(0);
    }
  });

  it("knows the plurals of what is there now, not of what has left", () => {
    const index = indexOf({ one: "Tomato", two: "Tomatoes" });
    expect(index.search("tomatos").correctedQuery).toBe("tomato");
    index.put("two", ["Tomatos"]);
    expect(index.search("tomatos").correctedQuery).toBeUndefined();
    index.remove("two");
    expect(index.search("tomatos")).toMatchObject({ correctedQuery: undefined, total: 1 });
  });

  it("completes the last word only, and not behind a space", () => {
    expect(first("mozz")).toBe("mozzarella");
    expect(stall.search("mozz ").hits).toEqual([]);
    expect(stall.search("heir potato").hits.map((hit) => hit.id)).not.toContain("tomato");
  });

  it("ranks exact before the beginning of a word before a typing error", () => {
    const index = indexOf({ exact: "Corn", begun: "Cornflower", typo: "Cord" });
    expect(index.search("corn").hits.map((hit) => hit.id)).toEqual(["exact", "begun"]);
    const misspelt = indexOf({ begun: "Carotene", typo: "Carrot" });
    expect(misspelt.search("carot").hits.map((hit) => hit.id)).toEqual(["begun", "typo"]);
  });

  it("shows the best of each word that may be meant before the second of any, and a whole word before all", () => {
    const jams = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`jam${n}`, "Grape jam"]));
    const index = indexOf({ ...jams, fruit: "Grapefruit", nut: "Grapenut", leek: "Leek" });
    const found = (query: string) => index.search(query, { limit: 5 }).hits.map(({ id }) => id);
    expect(found("grap").toSorted()).toEqual(["fruit", "jam0", "jam1", "jam10", "nut"]);
    expect(found("grape").every((id) => id.startsWith("jam"))).toBe(true);
    // What holds one word of two is no meaning of the other.
    expect(found("leek grap")[0]).toBe("leek");
  });

  it("forgives words under four letters only where nothing answers, and numbers never", () => {
    const index = indexOf({ pea: "Pea", n: "Box 5000" });
    expect(index.search("pez").hits).toMatchObject([{ id: "pea" }]);
    expect(index.search("pez").correctedQuery).toBe("pea");
    expect(index.search("lea").hits).toEqual([]);
    index.put("pez", ["Pez"]);
    expect(index.search("pez").hits).toMatchObject([{ id: "pez" }]);
    expect(index.search("5001").hits).toEqual([]);
  });

  it("needs any word and rewards all of them", () => {
    const { hits } = stall.search("cherry tomato");
    expect(hits[0]).toEqual({ id: "cherry", relevance: 1 });
    expect(hits.map((hit) => hit.id)).toContain("tomato");
    expect(hits[1]!.relevance).toBeLessThan(0.7);
  });

  it("weighs the name above the category above the farm above the description", () => {
    const index = indexOf({
      a: ["Honey", "x", "x", "x"],
      b: ["x", "Honey", "x", "x"],
      c: ["x", "x", "Honey", "x"],
      d: ["x", "x", "x", "Honey"],
    });
    expect(index.search("honey").hits.map((hit) => hit.id)).toEqual(["a", "b", "c", "d"]);
  });

  it("keeps relevance between 0 and 1 with the best at 1", () => {
    for (const query of ["tomato", "fresh green tomato with basil", "vegetables", "o"]) {
      const { relevance } = stall.match(query);
      for (const value of relevance) expect(value).toBeGreaterThan(0);
      expect(Math.max(...relevance)).toBe(1);
    }
  });

  it("takes a unit behind a number for no beginning of a word", () => {
    const found = (query: string): string[] => stall.search(query).hits.map(({ id }) => id);
    expect(found("500g")).toEqual([]);
    expect(found("cherry tomatoes 500 g")).toEqual(found("cherry tomatoes"));
    expect(found("2 ka")).toEqual([]);
    expect(first("2 kal")).toBe("kale");
  });

  it("leaves out what a name has that is not wanted, by another name too", () => {
    const found = (query: string): string[] => stall.search(query).hits.map(({ id }) => id);
    expect(found("tomatoes -cherry").toSorted()).toEqual(["chutney", "mozzarella", "tomato"]);
    expect(stall.search("tomatoes -cherry").hits[0]?.relevance).toBe(1);
    expect(found("tomatoes -cherry −chutney")).not.toContain("chutney");
    expect(found("vegetables -eggplant")).not.toContain("aubergine");
    expect(found("tomatoes -green-chutney")).not.toContain("chutney");
    expect(found("tomatoes -green-cherry")).toContain("cherry");
    expect(stall.search("tomatos -cherry").correctedQuery).toBe("tomato -cherry");
  });

  it("takes a minus for nothing where nothing else is asked for, or where it is a dash", () => {
    const found = (query: string): string[] => stall.search(query).hits.map(({ id }) => id);
    expect(found("-cherry")).toEqual(found("cherry"));
    expect(found("tomatoes - cherry")).toEqual(found("tomatoes cherry"));
    expect(found("vine-cherry")).toEqual(found("vine cherry"));
  });

  it("leaves out what stands behind a minus only from two letters on, or in quotes", () => {
    const index = indexOf({ primer: "Rust-Oleum primer", paint: "Rust proof paint", o: "Rust O ring" });
    const found = (query: string): string[] => index.search(query).hits.map(({ id }) => id);
    expect(found("rust -o oleum")).toEqual(found("rust o oleum"));
    expect(found("rust -ol")).toContain("primer");
    expect(found("rust -oleum").toSorted()).toEqual(["o", "paint"]);
    expect(found('rust -"o"').toSorted()).toEqual(["paint", "primer"]);
    expect(found('rust -"proof paint"').toSorted()).toEqual(["o", "primer"]);
    expect(found("rust -“proof primer”")).toHaveLength(3);
    expect(found('rust -""')).toHaveLength(3);
  });

  it("treats words that name a property of every object as words", () => {
    const index = indexOf({ a: "Constructor set", b: "toString __proto__" });
    expect(first("constructor", index)).toBe("a");
    expect(first("tostring", index)).toBe("b");
    expect(first("__proto__", index)).toBe("b");
  });

  it("reads pictures as the words for them", () => {
    expect(first("🍅")).toBe(first("tomato"));
    expect(first("cherry 🍅")).toBe("cherry");
    expect(first("🍆️")).toBe("aubergine");
    expect(stall.search("🚗").hits).toEqual([]);
  });

  it("answers nothing to nothing", () => {
    for (const query of ["", "   ", "!?", "qqqqqq"]) expect(stall.search(query).hits).toEqual([]);
    expect(new SearchIndex().search("tomato").hits).toEqual([]);
  });
});

describe("names in other languages", () => {
  const shelf = indexOf({
    kale: "Kale",
    cheddar: ["Cave cheddar", "Cheese"],
    goat: "Fresh goat cheese",
    potato: "New potatoes",
    sweet: "Sweet potatoes",
    tomato: "Vine tomatoes",
    tomme: "Alpine tomme",
    aubergine: "Aubergine",
    apple: "Apples",
    bean: "Runner beans",
    french: "Onion soup the French way",
    peach: "Peach",
    beet: "Beets",
    red: "Red onions",
    pan: "Pan flute",
    loaf: "Country bread",
  });
  const found = (query: string): string[] => shelf.search(query).hits.map(({ id }) => id);

  it.each([
    ["Käse", "goat"],
    ["Kaese", "goat"],
    ["kase", "goat"],
    ["QUESO", "goat"],
    ["Ziegenkäse", "goat"],
    ["Kartoffeln", "potato"],
    ["tomates", "tomato"],
    ["pomodori", "tomato"],
    ["berenjenas", "aubergine"],
    ["Rote Bete", "beet"],
    ["cebolla roja", "red"],
    ["los tomates", "tomato"],
    ["Süßkartoffeln", "sweet"],
    ["suesskartoffel", "sweet"],
    ["karto", "potato"],
    ["pêches", "peach"],
    ["haricots verts", "bean"],
  ])("%s finds %s, and nothing is said of a misspelling", (query, id) => {
    expect(found(query)[0]).toBe(id);
    expect(shelf.search(query)).toMatchObject({ correctedQuery: undefined, offeredQuery: undefined });
  });

  it("take the longest phrase: pommes de terre are no apples, and a pomme is one", () => {
    expect(found("pommes de terre")).toContain("potato");
    expect(found("pommes de terre")).not.toContain("apple");
    expect(found("pomme")).toEqual(["apple"]);
  });

  it("are taken for no other crop where the shop has none", () => {
    for (const query of ["Kohl", "Kiwi", "pera", "Fève", "mûre", "käpe"])
      expect(shelf.search(query), query).toMatchObject({ hits: [], correctedQuery: undefined });
    expect(found("kape")).toEqual(["kale"]);
  });

  it("say nothing of a word that the shop has, and count least of all", () => {
    expect(found("pan")).toEqual(["pan"]);
    expect(found("pane")).toEqual(["loaf"]);
    expect(found("cheddar Käse")[0]).toBe("cheddar");
  });

  it("are left out behind a minus", () => {
    expect(found("cheese -Ziegenkäse")).toEqual(["cheddar"]);
  });
});

describe("documents that come, change and go", () => {
  it("finds a product the moment it is there, by its new name when it changes, and not after it left", () => {
    const index = indexOf({ a: "Apple" });
    index.put("b", ["Pear"]);
    expect(first("pear", index)).toBe("b");
    index.put("b", ["Quince"]);
    expect(index.search("pear").hits).toEqual([]);
    expect(first("quince", index)).toBe("b");
    expect(index.remove("b")).toBe(true);
    expect(index.remove("b")).toBe(false);
    expect(index.search("quince").hits).toEqual([]);
    expect(index.size).toBe(1);
  });

  it("answers the same after any changes as an index built afresh", () => {
    const rng = seededRng(11);
    const words = ["apple", "pear", "plum", "cherry", "green", "red", "small", "organic", "box", "juice"];
    const live = new Map<string, string>();
    const index = new SearchIndex();
    for (let step = 0; step < 600; step++) {
      const id = `p${rng.int(60)}`;
      if (rng.next() < 0.3) {
        index.remove(id);
        live.delete(id);
      } else {
        const name = [rng.pick(words), rng.pick(words), rng.pick(words)].join(" ");
        index.put(id, [name]);
        live.set(id, name);
      }
    }
    const fresh = indexOf(Object.fromEntries(live));
    for (const query of ["apple", "green pear", "aple juce", "org", "red small plum box"]) {
      const [a, b] = [index.search(query, { limit: 100 }), fresh.search(query, { limit: 100 })];
      expect(a.hits.map((hit) => hit.id)).toEqual(b.hits.map((hit) => hit.id));
      a.hits.forEach((hit, at) => expect(hit.relevance).toBeCloseTo(b.hits[at]!.relevance, 12));
    }
  });
});

describe("errors in the catalogue itself", () => {
  const index = new SearchIndex();
  index.put("wrong", ["Strawbery jam"]);
  for (let at = 0; at < 30; at++) index.put(`right-${at}`, [`Strawberry number ${at}`]);
  for (let at = 0; at < 30; at++) index.put(`protein-${at}`, [`Protein bar ${at}`]);
  index.put("pro", ["Pro ten speed"]);
  index.put("pairs", ["Pear juice"]);
  index.put("peas", ["Peas in the pod"]);
  const idsOf = (query: string): string[] => index.search(query, { limit: 10 }).hits.map(({ id }) => id);

  it("a word of one product is found first, then what it probably was meant to be", () => {
    expect(idsOf("strawbery")[0]).toBe("wrong");
    expect(idsOf("strawbery").filter((id) => id.startsWith("right"))).toHaveLength(9);
    expect(index.search("strawbery").corrections).toEqual([]);
  });

  it("the common word does not bring the rare one", () => {
    expect(idsOf("strawberry")).not.toContain("wrong");
  });

  it("a word that can be taken apart may still be an error", () => {
    expect(idsOf("proten")[0]).toBe("pro");
    expect(idsOf("proten").filter((id) => id.startsWith("protein"))).toHaveLength(9);
  });

  it("a rare word is left alone when no neighbour is far more common", () => {
    expect(idsOf("pear")).toEqual(["pairs"]);
  });
});
