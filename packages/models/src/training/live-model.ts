/** A live version's artefact, and the bins that its inputs are counted in. */
export interface LiveModel {
  readonly bytes: Uint8Array;
  readonly edges: Readonly<Record<string, readonly number[]>>;
  /** What is being rolled out beside it. */
  readonly challenger?: { readonly bytes: Uint8Array; readonly seed: string; readonly percent: number };
}

/** What both arms said of a shopper while a challenger is in the shadow. */
export interface ShadowPair {
  readonly columns: Float64Array;
  readonly champion: number;
  /** Absent where the challenger failed. */
  readonly challenger?: number;
  readonly championMs: number;
  readonly challengerMs: number;
}
