import { sql, type SQL } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";

/** Of a product, as the index `products_words` has it: another expression would read every product. */
const words = sql.raw(`to_tsvector('english', p.name || ' ' || p.description)`);

export interface TextHit {
  readonly id: string;
  readonly score: number;
}

/**
 * Products on sale with any of the words, by `ts_rank` held back by the logarithm of the length (normalisation 1); a word in
 * the name weighs ten times one in the description.
 *
 * @param tsquery as `to_tsquery` reads it: "heirloom | tomat:*"
 */
export async function searchText(db: Queryable, tsquery: string, limit: number): Promise<TextHit[]> {
  return rows<TextHit>(
    db,
    sql`
      select p.id::text as id, ts_rank(
        setweight(to_tsvector('english', p.name), 'A') || setweight(to_tsvector('english', p.description), 'D'), q, 1
      ) as score
      from products p, to_tsquery('english', ${tsquery}) q
      where p.status = 'live' and ${words} @@ q
      order by score desc, p.id limit ${limit}`,
  );
}

/** Which of the words, as beginnings, no product on sale has. */
export async function wordsWithoutAnswer(db: Queryable, asked: readonly string[]): Promise<Set<string>> {
  const found = await rows<{ word: string }>(
    db,
    sql`
      select w.word from unnest(${sql.param([...asked])}::text[]) w (word)
      where not exists (
        select from products p
        where p.status = 'live' and ${words} @@ to_tsquery('english', w.word || ':*'))`,
  );
  return new Set(found.map(({ word }) => word));
}

export interface LexiconWord {
  readonly word: string;
  readonly count: number;
}

/** Names that are looked at for a word: a shop with more tomatoes than that shows with these what is meant. */
const mostNames = 500;

/**
 * Words of names that are like a word, by trigrams, each with the number of names that it is in, of those looked at.
 *
 * @param leastAlike share of the word's trigrams that a name must have to be looked at, 0 to 1; the lower, the more names
 */
export async function likeWords(tx: Queryable, word: string, leastAlike: number): Promise<LexiconWord[]> {
  await tx.execute(setting("pg_trgm.word_similarity_threshold", leastAlike));
  return rows<LexiconWord>(
    tx,
    sql`
      select w.word, count(*)::int as count
      from (
        select p.name from products p where p.status = 'live' and p.name %> ${word} limit ${mostNames}
      ) p, lateral regexp_split_to_table(lower(p.name), '[^[:alnum:]]+') w (word)
      where similarity(w.word, ${word}) >= ${leastAlike / 2}
      group by w.word order by count desc, w.word limit 200`,
  );
}

/** For this transaction only. */
function setting(name: string, value: number): SQL {
  return sql`select set_config(${name}, ${String(value)}, true)`;
}
