import { isAppError } from "@almanac/kernel";
import { LearnedTitleFeatures, TitleRanker, orderOf, plainTitleWeights, scoreTitle } from "@almanac/ranking";
import type { TitleCandidates } from "@almanac/ranking";
import { writeAtomic } from "../files/write-atomic.ts";
import { hasWon, learnRanking } from "./learned-ranking.ts";
import type { Comparison, LearnedRanking } from "./learned-ranking.ts";
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
  const features = training && new LearnedTitleFeatures(ranker, documents);
  const learned =
    training &&
    features &&
    learnRanking(documents, features, training.queries, training.judgements, {
      seed: options.seed,
      rerank: candidates !== undefined,
      onProgress: progress(),
    });
  const report = progress();
  const lines = queries.map((query, at) => {
    const given = candidates === undefined ? undefined : (candidates.get(query.id) ?? []);
    const depth = Math.max(200, options.k);
    const found =
      learned?.for(query)?.(given, depth) ??
      rankPlainly(ranker.candidates(query.text, given, depth), given === undefined ? "found" : "given");
    const ranked = found.slice(0, options.k);
    report("ranking queries", at + 1, queries.length);
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

/** Documents by the plain weights, best first; equals in the order they came. */
function rankPlainly({ documents, features }: TitleCandidates, how: "given" | "found"): number[] {
  const scores = features.map((row) => scoreTitle(row, plainTitleWeights[how]));
  return orderOf(scores).map((at) => documents[at]!);
}

function summaryOf(learned: LearnedRanking | undefined): Record<string, unknown> {
  if (learned === undefined) return { ranking: "plain" };
  const { folds } = learned;
  const mean = (of: (fold: Comparison) => number): number =>
    Math.round((folds.reduce((sum, fold) => sum + of(fold), 0) / folds.length) * 1e4) / 1e4;
  return {
    ranking: `learned in ${folds.filter(hasWon).length} of ${folds.length} folds`,
    heldOutNdcg10: { learned: mean(({ learned }) => learned), plain: mean(({ plain }) => plain) },
    heldOutT: mean(({ t }) => t),
    heldOutQueries: mean(({ queries }) => queries),
  };
}

/** Says how far it is on stderr, every two seconds at most. */
function progress(): (what: string, done: number, of: number) => void {
  let last = performance.now();
  return (what, done, of) => {
    if (performance.now() - last < 2_000) return;
    last = performance.now();
    process.stderr.write(`${what}: ${done} of ${of}\n`);
  };
}
