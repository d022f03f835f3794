import { isAppError } from "@almanac/kernel";
import { TitleRanker, plainTitleWeights, scoreTitle } from "@almanac/ranking";
import { writeAtomic } from "../files/write-atomic.ts";
import { learnWeights } from "./learned-weights.ts";
import type { LearnedWeights } from "./learned-weights.ts";
import { parseSearchOptions, searchHelp } from "./options.ts";
import type { SearchOptions } from "./options.ts";
import { readCandidates, readDocuments, readJudgements, readQueries } from "./read-search-input.ts";

/**
 * `almanac search`: see `searchHelp`. Progress goes to stderr, a one-line JSON summary last to stdout.
 *
 * @param argv the arguments after the command's name
 * @returns the exit code: 0, or 2 for bad input with one sentence on stderr and nothing written
 */
export async function runSearch(argv: string[]): Promise<number> {
  const startedAt = performance.now();
  try {
    const options = parseSearchOptions(argv);
    if (options.help) {
      process.stdout.write(searchHelp);
      return 0;
    }
    const facts = await search(options);
    const seconds = Math.round(performance.now() - startedAt) / 1000;
    const peakRssMb = Math.round(process.resourceUsage().maxRSS / 1024);
    process.stdout.write(`${JSON.stringify({ command: "search", ...facts, seconds, peakRssMb })}\n`);
    return 0;
  } catch (error) {
    if (!isAppError(error, "input_invalid")) throw error;
    process.stderr.write(`almanac search: ${error.message}\n`);
    return 2;
  }
}

async function search(options: SearchOptions): Promise<Record<string, unknown>> {
  const { documents, positions } = await readDocuments(options.docs);
  const queries = await readQueries(options.queries);
  const candidates =
    options.candidates === undefined ? undefined : await readCandidates(options.candidates, positions);
  const training = await readTraining(options, positions);
  const ranker = new TitleRanker(documents);
  const learned =
    training === undefined
      ? undefined
      : learnWeights(ranker, training.queries, training.judgements, {
          seed: options.seed,
          rerank: candidates !== undefined,
          onProgress: progress("learning from queries"),
        });
  const plain = plainTitleWeights[candidates === undefined ? "found" : "given"];
  const report = progress("ranking queries");
  const lines = queries.map((query, at) => {
    const given = candidates === undefined ? undefined : (candidates.get(query.id) ?? []);
    const weights = learned?.for(query) ?? plain;
    const ranked = rank(ranker, query.text, given, weights, options.k);
    report(at + 1, queries.length);
    return JSON.stringify({ user: query.id, items: ranked.map((document) => documents[document]!.id) });
  });
  await writeAtomic(options.out, lines.length === 0 ? "" : `${lines.join("\n")}\n`);
  return { rows: lines.length, documents: documents.length, ...summaryOf(learned) };
}

async function readTraining(options: SearchOptions, positions: ReadonlyMap<string, number>) {
  if (options.trainQueries === undefined || options.trainQrels === undefined) return undefined;
  const queries = await readQueries(options.trainQueries);
  return { queries, judgements: await readJudgements(options.trainQrels, positions, queries) };
}

/** Given documents, or those the index finds, best first; equals in the order they came. */
function rank(
  ranker: TitleRanker,
  query: string,
  given: readonly number[] | undefined,
  weights: readonly number[],
  k: number,
): number[] {
  const { documents, features } = ranker.candidates(query, given, Math.max(200, k));
  const scores = features.map((row) => scoreTitle(row, weights));
  return documents
    .map((_, at) => at)
    .sort((a, b) => scores[b]! - scores[a]! || a - b)
    .slice(0, k)
    .map((at) => documents[at]!);
}

function summaryOf(learned: LearnedWeights | undefined): Record<string, unknown> {
  if (learned === undefined) return { weights: "plain" };
  const round = (value: number): number => Math.round(value * 1e4) / 1e4;
  return {
    weights: learned.used ? "learned" : "plain",
    heldOutNdcg10: { learned: round(learned.heldOut.learned), plain: round(learned.heldOut.plain) },
    heldOutQueries: learned.heldOut.queries,
  };
}

/** Says how far it is on stderr, every two seconds at most. */
function progress(what: string): (done: number, of: number) => void {
  let last = performance.now();
  return (done, of) => {
    if (performance.now() - last < 2_000) return;
    last = performance.now();
    process.stderr.write(`${what}: ${done} of ${of}\n`);
  };
}
