import type { Tone } from "@almanac/ui";

export const runTones: Readonly<Record<string, Tone>> = {
  QUEUED: "calm",
  RUNNING: "calm",
  DONE: "good",
  INSUFFICIENT_DATA: "calm",
  FAILED: "urgent",
};

export const runWords: Readonly<Record<string, string>> = {
  QUEUED: "waits in the queue",
  RUNNING: "is learning",
  DONE: "done",
  INSUFFICIENT_DATA: "not enough data yet",
  FAILED: "failed",
};

export const reasonWords: Readonly<Record<string, string>> = {
  asked: "somebody asked",
  weekly: "each Sunday",
  first: "the first one",
  drift: "what comes in has moved",
};

export const rolloutTones: Readonly<Record<string, Tone>> = {
  running: "calm",
  completed: "good",
  stopped: "calm",
  rolled_back: "urgent",
};

export const rolloutWords: Readonly<Record<string, string>> = {
  running: "under way",
  completed: "completed",
  stopped: "stopped",
  rolled_back: "rolled back",
};

export const railWords: Readonly<Record<string, string>> = {
  latency: "How long it takes",
  errors: "Failures",
  scores: "What it answers",
  orders: "Who orders",
  revenue: "What they spend",
};

export const activationWords: Readonly<Record<string, string>> = {
  activated: "made live",
  promoted: "promoted",
  rolled_back: "went back to it",
};

/** The hidden field of a form that is about a farm's own version. */
export const farmField = (farm: { readonly id: string } | null): Readonly<Record<string, string>> =>
  farm ? { farm: farm.id } : {};

/** "25 %", or that nobody is told yet. */
export const shareWords = (share: number): string => (share === 0 ? "in the shadow" : `${share}\u00a0%`);

/** A measure as people read it: four digits where it is small. */
export function measureWords(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en-GB");
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 3);
}
