/** When pickup is still free, from the facts of a full slot: starting times as ISO text, the nearest first. */
export function freeTimes({ alternatives }: Readonly<Record<string, unknown>> = {}): string[] {
  if (!Array.isArray(alternatives)) return [];
  return alternatives.flatMap((each: unknown) =>
    typeof each === "object" && each !== null && "startsAt" in each && typeof each.startsAt === "string"
      ? [each.startsAt]
      : [],
  );
}
