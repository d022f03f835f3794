import { invariant } from "@almanac/kernel";

export interface RunningBestOptions {
  /** Events that a running loss remembers, about. */
  readonly memory: number;
  /** Loss by which another one has to be ahead before it answers. */
  readonly lead: number;
}

/** An answer changed hands: something in the world has, or has come back. */
export interface HandoverOf<Name extends string> {
  /** Events that had been seen. */
  readonly at: number;
  readonly from: Name;
  readonly to: Name;
  /** Running loss of each at that moment. */
  readonly losses: Readonly<Record<Name, number>>;
}

/** All that it takes to go on. */
export interface RunningBestState<Name extends string> {
  readonly seen: number;
  readonly current: Name;
  readonly losses: Readonly<Record<Name, number>>;
  /** The latest, the oldest first. */
  readonly handovers: readonly HandoverOf<Name>[];
}

/** Handovers that are remembered. */
const mostHandovers = 50;

/**
 * Who of several answers: the one with the least running loss, but it hands over only when another is ahead by `lead`.
 * Herbster and Warmuth (1998), "Tracking the Best Expert", for following the best of several; here without weights, as one
 * has to answer for itself.
 */
export class RunningBest<Name extends string> {
  private readonly options: RunningBestOptions;
  private readonly names: readonly Name[];
  private readonly losses: Record<Name, number>;
  private seen: number;
  current: Name;
  readonly handovers: HandoverOf<Name>[];

  /** @param start who answers first, and what was kept of before */
  constructor(names: readonly Name[], start: Name | RunningBestState<Name>, options: RunningBestOptions) {
    invariant(options.memory >= 1 && options.lead >= 0, "memory is at least an event, lead at least 0");
    this.options = options;
    this.names = names;
    const kept = typeof start === "string" ? undefined : start;
    this.seen = kept?.seen ?? 0;
    this.current = kept?.current ?? (start as Name);
    this.losses = Object.fromEntries(names.map((name) => [name, kept?.losses[name] ?? 0])) as Record<
      Name,
      number
    >;
    this.handovers = [...(kept?.handovers ?? [])];
  }

  /** @returns the handover that these losses of one event led to, if they did */
  observe(losses: Readonly<Record<Name, number>>): HandoverOf<Name> | undefined {
    this.seen++;
    // The mean so far, until there is enough to fade.
    const step = 1 / Math.min(this.seen, this.options.memory);
    for (const name of this.names) this.losses[name] += step * (losses[name] - this.losses[name]);
    const best = this.names.reduce((least, name) => (this.losses[name] < this.losses[least] ? name : least));
    if (this.losses[best] > this.losses[this.current] - this.options.lead) return undefined;
    const handover = { at: this.seen, from: this.current, to: best, losses: { ...this.losses } };
    this.handovers.push(handover);
    if (this.handovers.length > mostHandovers) this.handovers.shift();
    this.current = best;
    return handover;
  }

  state(): RunningBestState<Name> {
    const { seen, current } = this;
    return { seen, current, losses: { ...this.losses }, handovers: [...this.handovers] };
  }
}
