import { keepPreviousData } from "@tanstack/react-query";
import { trpc } from "./trpc.ts";
import { useDebounced } from "./use-debounced.ts";

/** Between two key strokes of somebody who types on. */
export const searchDelayMs = 220;

/**
 * What to offer for the words typed so far. Waits until typing pauses, cancels what was asked for earlier words, and keeps
 * the last answer on show meanwhile.
 *
 * @param query as typed; under two letters nothing is asked
 */
export function useSmartSearch(query: string, { limit = 6 }: { limit?: number } = {}) {
  const words = useDebounced(query.trim(), searchDelayMs);
  return trpc.search.suggest.useQuery(
    { q: words, limit },
    { enabled: words.length >= 2 && query.trim().length >= 2, placeholderData: keepPreviousData },
  );
}
