import { count as inThousands } from "../words/numbers.ts";

const transportNames: Readonly<Record<string, string>> = {
  websocket: "by plain sockets",
  trpc: "by pages",
  sse: "by event streams",
};

/** `{ trpc: 3, sse: 1 }` as "3 by pages, 1 by event streams". */
export const transportsInWords = (active: Readonly<Record<string, number>>): string =>
  Object.entries(active)
    .map(([transport, count]) => `${count} ${transportNames[transport] ?? transport}`)
    .join(", ");

/** "farm:0198…:sales" as "a farm's sales": which farm, the list of all topics would hide the rest behind. */
export function topicInWords(topic: string): string {
  const [thing = "", id, part] = topic.split(":");
  if (thing === "operate") return "this monitor";
  if (id === undefined) return thing.replaceAll("_", " ");
  return part === undefined ? `a ${thing}` : `a ${thing}'s ${part}`;
}

/** Listeners by topic as a plot shows them: the same words are one bar, the most first. */
export function listenersInWords(
  byTopic: Readonly<Record<string, number>>,
): { label: string; value: number }[] {
  const sums = new Map<string, number>();
  for (const [topic, count] of Object.entries(byTopic)) {
    const label = topicInWords(topic);
    sums.set(label, (sums.get(label) ?? 0) + count);
  }
  return [...sums].map(([label, value]) => ({ label, value })).toSorted((a, b) => b.value - a.value);
}

const requestNames: Readonly<Record<string, string>> = {
  hybrid: "for a shopper",
  similar: "like a product",
  together: "bought together",
  cart: "for a basket",
  trends: "trending",
  home: "the home page",
  triggered: "after an action",
};

/** What was asked of the recommender. */
export const requestInWords = (kind: string): string => requestNames[kind] ?? kind;

/** Why actions were answered with no push: "Not pushed: 1,204 as no page was open, 3 as it was too late." Empty where all were. */
export function notPushedInWords(counts: {
  readonly unread: number;
  readonly throttled: number;
  readonly late: number;
}): string {
  const reasons = [
    [counts.unread, "as no page was open"],
    [counts.throttled, "as the same had just been done"],
    [counts.late, "as it was too late"],
  ] as const;
  const given = reasons.filter(([count]) => count > 0).map(([count, why]) => `${inThousands(count)} ${why}`);
  return given.length === 0 ? "" : `Not pushed: ${given.join(", ")}.`;
}
