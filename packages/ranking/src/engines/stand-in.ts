import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { editDistance } from "../core/words/edit-distance.ts";

/** For tests: a server with the part of OpenSearch's REST interface that the engine uses. Its scores are its own. */
export interface StandIn extends AsyncDisposable {
  readonly url: string;
  readonly documents: Map<string, Record<string, string>>;
  /** What was asked for, as "POST /almanac-products/_search", with its authorisation where there was one. */
  readonly asked: string[];
  /** Answers everything with this status from now on; 0 is well again. */
  breakWith(status: number): void;
}

interface MultiMatch {
  readonly query: string;
  readonly type?: string;
  readonly fuzziness?: string;
  readonly boost?: number;
}

export async function openStandIn(): Promise<StandIn> {
  const documents = new Map<string, Record<string, string>>();
  const asked: string[] = [];
  let isMade = false;
  let broken = 0;

  function bulk(body: string): object {
    const lines = body
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, never>);
    for (let at = 0; at < lines.length; at++) {
      const act = lines[at] as { index?: { _id: string }; delete?: { _id: string } };
      if (act.delete) documents.delete(act.delete._id);
      if (act.index) documents.set(act.index._id, lines[++at] as Record<string, string>);
    }
    return { errors: false, items: [] };
  }

  function search(body: string): object {
    const { query, size } = JSON.parse(body) as {
      size: number;
      query: { bool: { should: { multi_match: MultiMatch }[] } };
    };
    const hits = [...documents].flatMap(([_id, document]) => {
      const words = wordsOf(
        `${document["name"]} ${document["category"]} ${document["farm"]} ${document["description"]}`,
      );
      const _score = query.bool.should.reduce((sum, { multi_match }) => sum + scoreOf(multi_match, words), 0);
      return _score > 0 ? [{ _id, _score }] : [];
    });
    return { took: 1, hits: { hits: hits.sort((a, b) => b._score - a._score).slice(0, size) } };
  }

  function removeOthers(body: string): object {
    const { query } = JSON.parse(body) as { query: { bool: { must_not: { term: { fill: string } }[] } } };
    const keep = query.bool.must_not[0]?.term.fill;
    for (const [id, document] of documents) if (document["fill"] !== keep) documents.delete(id);
    return { deleted: 0 };
  }

  function answer(method: string, path: string, body: string): [number, object] {
    if (broken !== 0) return [broken, { error: "broken" }];
    if (method === "PUT") {
      const status = isMade ? 400 : 200;
      isMade = true;
      return [
        status,
        status === 400 ? { error: { type: "resource_already_exists_exception" } } : { acknowledged: true },
      ];
    }
    if (path.endsWith("/_bulk")) return [200, bulk(body)];
    if (path.endsWith("/_search")) return isMade ? [200, search(body)] : [404, { error: "no such index" }];
    if (path.endsWith("/_delete_by_query")) return [200, removeOthers(body)];
    return [404, {}];
  }

  const server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const path = (request.url ?? "").split("?")[0]!;
      asked.push([request.method, path, request.headers.authorization].filter(Boolean).join(" "));
      const [status, content] = answer(request.method ?? "", path, body);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(content));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://maya:secret@127.0.0.1:${(server.address() as AddressInfo).port}`,
    documents,
    asked,
    breakWith: (status) => (broken = status),
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

function scoreOf({ query, type, fuzziness, boost = 1 }: MultiMatch, words: readonly string[]): number {
  const typed = wordsOf(query);
  const matches = (word: string, at: number): boolean =>
    words.some(
      (own) =>
        own === word ||
        (type === "bool_prefix" && at === typed.length - 1 && own.startsWith(word)) ||
        (fuzziness === "AUTO" &&
          own[0] === word[0] &&
          editDistance(own, word, 2) <= (word.length > 5 ? 2 : 1)),
    );
  return boost * typed.filter(matches).length;
}
