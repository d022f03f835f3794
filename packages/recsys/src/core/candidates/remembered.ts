import type { RecsysSnapshot } from "../snapshot/snapshot.ts";

/** Keys name days and markets, of which there are few at a time. */
const mostRemembered = 200;

/** What is the same for everybody until a revision of the snapshot moves: found when somebody first asks for it. */
export function remembered<Value>(
  { memo }: RecsysSnapshot,
  { key, revision }: { readonly key: string; readonly revision: number },
  find: () => Value,
): Value {
  const known = memo.get(key);
  if (known?.revision === revision) return known.value as Value;
  const value = find();
  if (memo.size > mostRemembered) memo.clear();
  memo.set(key, { revision, value });
  return value;
}
