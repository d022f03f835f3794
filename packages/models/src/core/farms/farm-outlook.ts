import type { Outlook } from "../shoppers/outlook.ts";

/** How often a customer is expected in the coming half-year. */
export const visitGroups = ["often", "now and then", "hardly"] as const;
export type VisitGroup = (typeof visitGroups)[number];

/** Orders of the half-year from which a customer comes often, and from which now and then. */
export const oftenFrom = 6;
export const nowAndThenFrom = 1;

/** Fewer people than that are not told of as a group. */
export const leastPeople = 10;

export interface FarmOutlook {
  readonly customers: number;
  readonly active: number;
  readonly away: number;
  readonly resting: number;
  readonly expectedOrders: number;
  readonly valueCents: number;
  readonly groups: Readonly<Record<VisitGroup, { readonly people: number; readonly cents: number }>>;
}

/** What a farm's customers come to together. Who is away counts with what little is still expected. */
export function sumOutlooks(outlooks: readonly Outlook[]): FarmOutlook {
  const groups = {
    often: { people: 0, cents: 0 },
    "now and then": { people: 0, cents: 0 },
    hardly: { people: 0, cents: 0 },
  };
  const states = { active: 0, away: 0, resting: 0, new: 0 };
  let expectedOrders = 0;
  let valueCents = 0;
  for (const outlook of outlooks) {
    states[outlook.state] += 1;
    if (outlook.state === "new") continue;
    const orders = outlook.expectedOrders ?? 0;
    const cents = outlook.valueCents ?? 0;
    const group = groups[groupOf(orders)];
    group.people += 1;
    group.cents += cents;
    expectedOrders += orders;
    valueCents += cents;
  }
  const { active, away, resting } = states;
  return { customers: active + away + resting, active, away, resting, expectedOrders, valueCents, groups };
}

const groupOf = (orders: number): VisitGroup =>
  orders >= oftenFrom ? "often" : orders >= nowAndThenFrom ? "now and then" : "hardly";

/** Counts that sum to all, as a farmer may see them: none where one of them is of one to nine people. */
export function tellableCounts<Counts extends Readonly<Record<string, number>>>(
  counts: Counts,
): Counts | undefined {
  return Object.values(counts).some((people) => people > 0 && people < leastPeople) ? undefined : counts;
}

/** Groups as a farmer may see them: none where one of them is of fewer than ten people, since the rest would give it away. */
export function tellableGroups(
  groups: FarmOutlook["groups"],
): { readonly group: VisitGroup; readonly people: number; readonly cents: number }[] | undefined {
  const listed = visitGroups.map((group) => ({ group, ...groups[group] }));
  return tellableCounts(Object.fromEntries(listed.map(({ group, people }) => [group, people]))) && listed;
}
