/** Does work, or waits for the same work that somebody asked for before and that is not over yet. */
export type SharedWork<Owner extends object, Key, Result> = (
  owner: Owner,
  key: Key,
  work: () => Promise<Result>,
) => Promise<Result>;

/**
 * Work that is not done twice at once: of one owner (such as a database) and one key, whoever asks while it is under way gets its
 * result, or its error. Once it is over the next who asks begins it anew.
 */
export function sharedWork<Owner extends object, Key, Result>(): SharedWork<Owner, Key, Result> {
  const byOwner = new WeakMap<Owner, Map<Key, Promise<Result>>>();
  return (owner, key, work) => {
    const underWay = byOwner.get(owner) ?? new Map<Key, Promise<Result>>();
    byOwner.set(owner, underWay);
    const found = underWay.get(key);
    if (found) return found;
    const begun = work().finally(() => underWay.delete(key));
    underWay.set(key, begun);
    return begun;
  };
}
