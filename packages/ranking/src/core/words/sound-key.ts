/**
 * What is left of a word when vowels and doubled letters, which are what is mostly misspelt, say nothing: "beaf" and "beef" have
 * one key, "bean" another.
 *
 * @param word in lower case without accents
 */
export function soundKey(word: string): string {
  const consonants = word
    .replaceAll("ph", "f")
    .replaceAll("ck", "k")
    .replace(/c(?=[eiy])/g, "s")
    .replaceAll("c", "k")
    .replaceAll("z", "s");
  return (
    consonants.charAt(0) +
    consonants
      .slice(1)
      .replace(/[aeiouy]/g, "")
      .replace(/(.)\1+/g, "$1")
  );
}
