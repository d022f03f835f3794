/** "12,345" */
export function count(value: number): string {
  return Math.round(value).toLocaleString("en-GB");
}

/** "81.7 %" */
export function percent(share: number): string {
  return `${(share * 100).toFixed(share === 1 ? 0 : 1)}\u00a0%`;
}

/** "850 ms", "12.3 s", "4 min", "3 h", "2 d" */
export function duration(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 172_800_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} d`;
}

/** "COMPLETE_PURCHASE" as "complete purchase". */
export function nameInWords(name: string): string {
  return name.toLowerCase().replaceAll(/[_.]/g, " ");
}
