/** Keys that touch on a Latin keyboard, row by row: each with those to its right and below it. */
const touching: ReadonlySet<string> = pairs(
  "qw we er rt ty yu ui io op as sd df fg gh hj jk kl zx xc cv vb bn nm",
  "qa wa ws es ed rd rf tf tg yg yh uh uj ij ik ok ol pl az sz sx dx dc fc fv gv gb hb hn jn jm km",
);

/** First letters that sound alike: "selery", "karrot", "inion", "jinger". */
const soundingAlike: ReadonlySet<string> = pairs("cs ck kq cq sz gj vw", "ae ai ao ei eo eu iu iy ou au io");

/** A shorter word is too often another one itself: "hard" is not "chard", nor "wine" a mistyped "vine". */
const slipLength = 5;
/** A word so long is seldom one letter away from another at all. */
const tellingLength = 8;

/**
 * Whether somebody who meant one word may well have begun the other: with the same letter, or by a slip of the kinds that
 * lists of misspellings hold. Of 63,042 misspellings of English words that codespell lists, 1 in 43 has another first
 * letter: for 27 in 100 of those it was left out, for 42 it is another one, for 11 the first two are swapped; a letter in
 * front ("oranges" for "range") is 1 in 1,000 of all.
 *
 * @param typed a singular in lower case, at least two letters
 * @param distance edits between the two
 */
export function isLikelyBeginning(typed: string, meant: string, distance: number): boolean {
  if (typed.length >= tellingLength && distance === 1) return true;
  const [first = "", second = ""] = typed;
  const [meantFirst = "", meantSecond = ""] = meant;
  if (first === meantFirst) return true;
  if (first === meantSecond && second === meantFirst) return true;
  if (first === meantSecond) return typed.length >= slipLength;
  if (second === meantFirst) return touching.has(first + second);
  const replaced = first + meantFirst;
  return (
    typed.length >= slipLength &&
    second === meantSecond &&
    (touching.has(replaced) || soundingAlike.has(replaced))
  );
}

function pairs(...lists: readonly string[]): ReadonlySet<string> {
  return new Set(
    lists.flatMap((list) => list.split(" ")).flatMap((pair) => [pair, `${pair[1]!}${pair[0]!}`]),
  );
}
