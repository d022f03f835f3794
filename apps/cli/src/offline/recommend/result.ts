/** What a task hands back: lists are made as they are written, so that they never stand in memory together. */
export interface TaskResult {
  /** Training rows read. */
  readonly rows: number;
  /** Items that may be recommended. */
  readonly catalogue: number;
  /** The model that served, with its settings where it was chosen. */
  readonly model: string;
  /** What `auto` measured on held-back training data. */
  readonly validation: readonly { readonly name: string; readonly ndcg10: number }[] | undefined;
  readonly lists: Iterable<{ readonly user: string; readonly items: readonly string[] }>;
}
