import { amountOf } from "@almanac/ui";

interface Priced {
  readonly groups: readonly { readonly farm: { readonly name: string }; readonly subtotalCents: number }[];
  readonly lines: readonly {
    readonly name: string;
    readonly isWeighed: boolean;
    readonly problem?: string | undefined;
  }[];
  readonly subtotalCents: number;
  readonly holdCents: number;
}

/** The bill: each farm's part, then all. */
export function basketTotals({ groups, subtotalCents }: Priced) {
  return [
    ...groups.map(({ farm, subtotalCents: cents }) => ({ term: farm.name, value: amountOf(cents) })),
    { term: "Subtotal", value: amountOf(subtotalCents), sum: true },
  ];
}

/** Why more is held than the basket costs; nothing when nothing is weighed. */
export function holdWords({
  lines,
  subtotalCents,
  holdCents,
}: Priced): { title: string; text: string } | undefined {
  const weighed = lines.filter((line) => line.isWeighed && !line.problem).map(({ name }) => name);
  if (weighed.length === 0 || holdCents <= subtotalCents) return undefined;
  return {
    title: `${listed(weighed)} ${areMany(weighed) ? "are" : "is"} weighed, hold up to ${amountOf(holdCents)}`,
    text: "That much is held on your card. You pay what the scale says; the rest is given back.",
  };
}

/** Several, or a name in the plural: "Gouda is", "heirloom tomatoes are". */
const areMany = (names: readonly string[]): boolean => names.length > 1 || /[^us]s$/.test(names[0] ?? "");

function listed(names: readonly string[]): string {
  if (names.length <= 1) return names.join("");
  if (names.length > 3) return `${names.slice(0, 2).join(", ")} and ${names.length - 2} others`;
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
