import type { Api } from "./person.ts";

export type Level = Awaited<ReturnType<Api["farmStock"]["levels"]>>[number];

/** On sale, nearly gone, and not gone: what is out may simply be out of season. */
export function runsLow({ status, isLow, availableBase }: Level): boolean {
  return status === "live" && isLow && availableBase > 0;
}

export function isOut({ status, availableBase }: Level): boolean {
  return status === "live" && availableBase <= 0;
}
