import type { TitleDocument } from "@almanac/ranking";
import { readCsv } from "../files/csv.ts";
import { inputError } from "../files/input-error.ts";

export interface SearchQuery {
  readonly id: string;
  readonly text: string;
}

/** Positions of documents, by query id. */
export type Candidates = ReadonlyMap<string, readonly number[]>;

/** Grades by position of the document, by query id. */
export type Judgements = ReadonlyMap<string, ReadonlyMap<number, number>>;

export interface DocumentList {
  readonly documents: readonly TitleDocument[];
  readonly positions: ReadonlyMap<string, number>;
}

/** `doc,title[,...]`; the other columns become the body. @throws AppError `input_invalid` by file and line */
export async function readDocuments(file: string): Promise<DocumentList> {
  const table = await readCsv(file, ["doc", "title"]);
  const others = table.columns.filter((column) => column !== "doc" && column !== "title");
  const documents: TitleDocument[] = [];
  const positions = new Map<string, number>();
  for (const { line, cells } of table.rows) {
    const id = cells["doc"]!;
    if (id === "") throw inputError("has no document id", file, line);
    if (positions.has(id)) throw inputError(`has the document "${id}" a second time`, file, line);
    positions.set(id, documents.length);
    documents.push({ id, title: cells["title"]!, body: others.map((column) => cells[column]!).join(" ") });
  }
  return { documents, positions };
}

/** `qid,query`. @throws AppError `input_invalid` by file and line */
export async function readQueries(file: string): Promise<SearchQuery[]> {
  const { rows } = await readCsv(file, ["qid", "query"]);
  const seen = new Set<string>();
  return rows.map(({ line, cells }) => {
    const id = cells["qid"]!;
    if (id === "") throw inputError("has no query id", file, line);
    if (seen.has(id)) throw inputError(`has the query "${id}" a second time`, file, line);
    seen.add(id);
    return { id, text: cells["query"]! };
  });
}

/** `qid,doc`; repeated pairs count once. @throws AppError `input_invalid` by file and line for an unknown document */
export async function readCandidates(
  file: string,
  positions: ReadonlyMap<string, number>,
): Promise<Candidates> {
  const { rows } = await readCsv(file, ["qid", "doc"]);
  const candidates = new Map<string, Set<number>>();
  for (const { line, cells } of rows) {
    const own = candidates.get(cells["qid"]!) ?? new Set();
    own.add(positionOf(cells["doc"]!, positions, file, line));
    candidates.set(cells["qid"]!, own);
  }
  return new Map([...candidates].map(([id, own]) => [id, [...own]]));
}

/** `qid,doc,grade`. @throws AppError `input_invalid` by file and line for an unknown query or document, or no number */
export async function readJudgements(
  file: string,
  positions: ReadonlyMap<string, number>,
  queries: readonly SearchQuery[],
): Promise<Judgements> {
  const { rows } = await readCsv(file, ["qid", "doc", "grade"]);
  const known = new Set(queries.map(({ id }) => id));
  const judgements = new Map<string, Map<number, number>>();
  for (const { line, cells } of rows) {
    const id = cells["qid"]!;
    const grade = Number(cells["grade"]);
    if (!known.has(id))
      throw inputError(`judges the query "${id}", which is not in the training queries`, file, line);
    if (cells["grade"]!.trim() === "" || !Number.isFinite(grade) || grade < 0 || grade > 10) {
      throw inputError(`has the grade "${cells["grade"]}" where a number from 0 to 10 is needed`, file, line);
    }
    const own = judgements.get(id) ?? new Map<number, number>();
    own.set(positionOf(cells["doc"]!, positions, file, line), grade);
    judgements.set(id, own);
  }
  return judgements;
}

function positionOf(id: string, positions: ReadonlyMap<string, number>, file: string, line: number): number {
  const position = positions.get(id);
  if (position === undefined)
    throw inputError(`names the document "${id}", which is not in the documents`, file, line);
  return position;
}
