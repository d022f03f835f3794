import type { Api } from "../request/person.ts";

export type Level = Awaited<ReturnType<Api["farmStock"]["levels"]>>[number];

/** What may be done with what is on hand and in no checkout: what is hidden is sold at the stall alone, what is archived not at all. */
export const freeWords: Readonly<Record<Level["status"], string>> = {
  live: "Can be ordered",
  hidden: "For the stall alone",
  draft: "For when it is on sale",
  archived: "Not sold any more",
};

/** On sale, nearly gone, and not gone: what is out may simply be out of season. */
export function runsLow({ status, isLow, availableBase }: Level): boolean {
  return status === "live" && isLow && availableBase > 0;
}

export function isOut({ status, availableBase }: Level): boolean {
  return status === "live" && availableBase <= 0;
}
