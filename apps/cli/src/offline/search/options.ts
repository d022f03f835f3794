import { parseArgs } from "node:util";
import { inputError } from "../files/input-error.ts";

export interface SearchOptions {
  readonly docs: string;
  readonly queries: string;
  readonly out: string;
  readonly k: number;
  readonly candidates: string | undefined;
  readonly trainQueries: string | undefined;
  readonly trainQrels: string | undefined;
  readonly seed: number;
  readonly help: boolean;
}

export const searchHelp = `almanac search --docs d.csv --queries q.csv --k 20 --out p.jsonl [options]

Ranks documents for queries. Files are CSV with a header, plain or gzip.

  --docs FILE           doc,title[,...]; other columns help to find a document
  --queries FILE        qid,query
  --k N                 documents per query, 20 unless told
  --out FILE            one {"user":qid,"items":[doc,...]} a line, best first
  --candidates FILE     qid,doc: rank only these
  --train-queries FILE  qid,query of judged queries, with
  --train-qrels FILE    qid,doc,grade: learn a ranking from these judgements where that wins on held-out queries by
                        more than luck; a query that is also judged is ranked by what never saw its judgements
  --seed N              decides the folds, 1 unless told

The last line on stdout is a summary in JSON. Exit code 2: bad input, nothing written.
`;

/** @throws AppError `input_invalid` with one sentence for an unknown, missing or malformed option */
export function parseSearchOptions(argv: readonly string[]): SearchOptions {
  const values = parsedArguments(argv);
  const help = values.help === true;
  const trainQueries = optional(values["train-queries"]);
  const trainQrels = optional(values["train-qrels"]);
  if ((trainQueries === undefined) !== (trainQrels === undefined)) {
    throw inputError("--train-queries and --train-qrels are needed together");
  }
  return {
    docs: help ? "" : needed("docs", values.docs),
    queries: help ? "" : needed("queries", values.queries),
    out: help ? "" : needed("out", values.out),
    k: wholeNumber("k", values.k || "20", 1, 100_000),
    candidates: optional(values.candidates),
    trainQueries,
    trainQrels,
    seed: wholeNumber("seed", values.seed || "1", 0, Number.MAX_SAFE_INTEGER),
    help,
  };
}

function parsedArguments(argv: readonly string[]) {
  const text = { type: "string" } as const;
  try {
    return parseArgs({
      args: [...argv],
      options: {
        docs: text,
        queries: text,
        out: text,
        k: text,
        candidates: text,
        "train-queries": text,
        "train-qrels": text,
        seed: text,
        help: { type: "boolean" },
      },
    }).values;
  } catch (cause) {
    throw inputError(cause instanceof Error ? cause.message : String(cause));
  }
}

/** An empty option means none. */
function optional(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}

function needed(name: string, value: string | undefined): string {
  if (value === undefined || value === "") throw inputError(`--${name} names no file`);
  return value;
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw inputError(`--${name} must be a whole number of at least ${least}, not ${JSON.stringify(text)}`);
  }
  return value;
}
