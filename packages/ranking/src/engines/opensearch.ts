import { AppError } from "@almanac/kernel";
import { z } from "zod";
import { mostHits, toHits, type SearchEngine } from "./engine.ts";

/** What an outside engine is told of a product. */
export interface EngineDocument {
  readonly id: string;
  readonly name: string;
  readonly category: string;
  readonly farm: string;
  readonly description: string;
}

export interface OutsideEngine extends SearchEngine {
  /** Makes the index where there is none, fills it, and takes out what is no longer on sale. */
  fill(documents: readonly EngineDocument[]): Promise<void>;
  change(changed: readonly EngineDocument[], removedIds: readonly string[]): Promise<void>;
}

export interface OpenSearchOptions {
  /** Where it listens; a user and password in it are sent as basic authorisation. */
  readonly url: string;
  /** "almanac-products" unless told. */
  readonly index?: string;
  /** Milliseconds after which a search is given up: 800 unless told. */
  readonly timeoutMs?: number;
}

const answerSchema = z.object({
  hits: z.object({ hits: z.array(z.object({ _id: z.string(), _score: z.number().nullable() })) }),
});
const bulkSchema = z.object({ errors: z.boolean() });
const documentsAtOnce = 1_000;
const mapping = {
  mappings: {
    properties: {
      name: { type: "text" },
      category: { type: "text" },
      farm: { type: "text" },
      description: { type: "text" },
      fill: { type: "keyword" },
    },
  },
};

/**
 * OpenSearch or Elasticsearch by the part of their REST interface that both share: `_search`, `_bulk`, `_delete_by_query` and
 * making an index. Tested against a small server that speaks this part, not against either product.
 *
 * @throws AppError `search_engine_unavailable` where it does not answer as it should
 */
export function openSearchEngine(options: OpenSearchOptions): OutsideEngine {
  const { index = "almanac-products", timeoutMs = 800 } = options;
  const address = new URL(options.url);
  const { username, password } = address;
  const secret = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString(
    "base64",
  );
  address.username = "";
  address.password = "";
  const base = `${address.href.replace(/\/+$/, "")}/${index}`;

  async function call(
    method: string,
    path: string,
    { body, type = "application/json", waitMs = timeoutMs }: { body: string; type?: string; waitMs?: number },
  ): Promise<{ status: number; answer: unknown }> {
    try {
      const response = await fetch(`${base}${path}`, {
        method,
        body,
        headers: { "content-type": type, ...(username !== "" && { authorization: `Basic ${secret}` }) },
        signal: AbortSignal.timeout(waitMs),
      });
      return { status: response.status, answer: await response.json() };
    } catch (error) {
      const name = error instanceof Error ? error.name : "unknown";
      throw unavailable(`no answer to ${path || "making the index"} (${name})`);
    }
  }

  function accepted<Answer>(
    { status, answer }: { status: number; answer: unknown },
    schema: z.ZodType<Answer>,
  ): Answer {
    const parsed = schema.safeParse(answer);
    if (status >= 300 || !parsed.success) throw unavailable(`it answered ${status}`);
    return parsed.data;
  }

  async function send(lines: readonly object[], path: string): Promise<void> {
    const body = `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`;
    const answer = await call("POST", path, { body, type: "application/x-ndjson", waitMs: 30_000 });
    if (accepted(answer, bulkSchema).errors) throw unavailable("it refused some of the products");
  }

  async function write(documents: readonly object[], removedIds: readonly string[]): Promise<void> {
    const acts = [
      ...documents.map((document) => {
        const { id, ...rest } = document as EngineDocument;
        return [{ index: { _id: id } }, rest];
      }),
      ...removedIds.map((id) => [{ delete: { _id: id } }]),
    ];
    for (let at = 0; at < acts.length; at += documentsAtOnce)
      await send(acts.slice(at, at + documentsAtOnce).flat(), "/_bulk?refresh=true");
  }

  return {
    name: "opensearch",
    async find(query, { fuzzy }) {
      const fields = ["name^3", "category^1.2", "farm^0.8", "description^0.4"];
      const match = { query, fields, operator: "or" };
      const should = [
        { multi_match: { ...match, boost: 2 } },
        { multi_match: { ...match, type: "bool_prefix" } },
        ...(fuzzy ? [{ multi_match: { ...match, fuzziness: "AUTO", prefix_length: 1, boost: 0.5 } }] : []),
      ];
      const body = JSON.stringify({ size: mostHits, _source: false, query: { bool: { should } } });
      const { hits } = accepted(await call("POST", "/_search", { body }), answerSchema).hits;
      return { hits: toHits(hits.map(({ _id, _score }) => ({ id: _id, score: _score ?? 0 }))) };
    },
    async fill(documents) {
      const made = await call("PUT", "", { body: JSON.stringify(mapping), waitMs: 30_000 });
      // 400 says that it is there already.
      if (made.status >= 300 && made.status !== 400) throw unavailable(`it answered ${made.status}`);
      const fill = crypto.randomUUID();
      await write(
        documents.map((document) => ({ ...document, fill })),
        [],
      );
      const others = { query: { bool: { must_not: [{ term: { fill } }] } } };
      const answer = await call("POST", "/_delete_by_query?refresh=true", {
        body: JSON.stringify(others),
        waitMs: 30_000,
      });
      accepted(answer, z.object({}));
    },
    change: (changed, removedIds) => write(changed, removedIds),
  };
}

function unavailable(what: string): AppError {
  return new AppError("search_engine_unavailable", `The search engine is not of use: ${what}.`);
}
