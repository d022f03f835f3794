import type { MutationFilters, QueryClient, QueryKey } from "@tanstack/react-query";

type Predicate = NonNullable<MutationFilters["predicate"]>;

/** When something that a loader had read was last taken in, by query. Milliseconds of the browser's clock. */
const takenAt = new WeakMap<QueryClient, Map<string, number>>();

export interface LoaderAnswer<Data> {
  readonly key: QueryKey;
  readonly data: Data | undefined;
  /** Scope of the mutations that change what the query answers. */
  readonly scope: string;
}

/**
 * Puts what a loader has read into the cache. A loader may have read before a change that was done since, and answer after
 * it: where something was changed here since the last answer, the query is asked again instead; while something is being
 * changed, the change's own answer is awaited.
 */
export function takeIn<Data>(
  queries: QueryClient,
  { key, data, scope }: LoaderAnswer<Data>,
  now: number = Date.now(),
): void {
  const isOwn: Predicate = ({ options }) => options.scope?.id === scope;
  if (data === undefined || queries.isMutating({ predicate: isOwn }) > 0) return;
  const own = takenAt.get(queries) ?? new Map<string, number>();
  takenAt.set(queries, own);
  const before = own.get(scope);
  own.set(scope, now);
  const changes = queries.getMutationCache().findAll({ predicate: isOwn });
  const isOlder = before !== undefined && changes.some(({ state }) => state.submittedAt >= before);
  if (isOlder) void queries.invalidateQueries({ queryKey: key });
  else queries.setQueryData(key, data);
}
