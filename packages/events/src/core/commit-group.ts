/** Work of several callers that is committed together. */
export interface CommitGroup<Item, Answer> {
  /** @returns this item's answer, once what holds it is committed; rejects when it could not be */
  add(item: Item): Promise<Answer>;
}

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly answered: PromiseWithResolvers<Answer>;
}

export interface CommitGroupOptions<Item> {
  /** At most so much goes together; a single item may weigh more. */
  readonly maxWeight: number;
  readonly weightOf: (item: Item) => number;
  /** So many groups at most are under way at once: 1 unless set, which keeps the order of the items. */
  readonly maxGroups?: number;
}

/**
 * Group commit: the first item goes at once, and what comes while it is under way goes together afterwards. Nobody waits
 * for company, and the busier it is the larger the groups. A second group goes beside a first one only when it is full, as
 * there is more to do than one connection does.
 *
 * @param commit all of them or none; one answer for each, in order. When it fails for several, each is tried alone, so that
 *   one that cannot be written fails nobody else
 */
export function commitGroup<Item, Answer>(
  commit: (items: readonly Item[]) => Promise<readonly Answer[]>,
  { maxWeight, weightOf, maxGroups = 1 }: CommitGroupOptions<Item>,
): CommitGroup<Item, Answer> {
  let queue: Waiting<Item, Answer>[] = [];
  let queuedWeight = 0;
  let running = 0;

  function takeGroup(): Waiting<Item, Answer>[] {
    let weight = 0;
    let size = 0;
    for (const { item } of queue) {
      weight += weightOf(item);
      if (size > 0 && weight > maxWeight) break;
      size += 1;
    }
    const group = queue.slice(0, size);
    queue = queue.slice(size);
    for (const { item } of group) queuedWeight -= weightOf(item);
    return group;
  }

  async function commitAll(group: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await commit(group.map(({ item }) => item));
      group.forEach(({ answered }, index) => answered.resolve(answers[index] as Answer));
    } catch (error) {
      const [only] = group;
      if (group.length === 1 && only) only.answered.reject(error);
      else for (const one of group) await commitAll([one]);
    }
  }

  async function run(): Promise<void> {
    running += 1;
    while (queue.length > 0) await commitAll(takeGroup());
    running -= 1;
  }

  return {
    add(item) {
      const answered = Promise.withResolvers<Answer>();
      queue.push({ item, answered });
      queuedWeight += weightOf(item);
      if (running === 0 || (running < maxGroups && queuedWeight >= maxWeight)) void run();
      return answered.promise;
    },
  };
}
