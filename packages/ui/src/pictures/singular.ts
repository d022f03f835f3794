/** Enough English for food: berries, tomatoes, peaches, leaves; "asparagus", "hummus" and "swiss" stay as they are. */
export function singular(word: string): string {
  if (word.length < 4) return word;
  if (/(?:us|ss|is)$/.test(word)) return word;
  if (/(?:ki|oo|p|a|g|t)es$/.test(word)) return word.slice(0, -1);
  if (word.endsWith("leaves")) return "leaf";
  if (word.endsWith("loaves")) return "loaf";
  if (word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  if (/(?:o|ch|sh|x|ss)es$/.test(word)) return word.slice(0, -2);
  return word.endsWith("s") ? word.slice(0, -1) : word;
}
