import type { Api } from "../request/person.ts";

type Accuracy = Awaited<ReturnType<Api["advice"]["accuracy"]>>;

const percent = (share: number): string => `${Math.round(100 * Math.abs(share))}\u00a0%`;

/** How near advice on what to bring came to what was sold, beside bringing as much as was sold the time before. */
export function accuracyWords({ days, offShare, asBeforeShare, lessError }: Accuracy): string {
  if (offShare === null || asBeforeShare === null || lessError === null)
    return `How near advice on what to bring comes to what is sold is told once eight of its days are over; ${days === 0 ? "none is" : `${days} are`} so far.`;
  const beside =
    lessError >= 0 ? `${percent(lessError)} less off` : `${percent(lessError)} more off than that`;
  return (
    `Advice on what to bring was off by ${percent(offShare)} of the worth of what was sold, over ${days} market days of a ` +
    `product in the last 90 days; bringing as much as was sold the time before would have been off by ${percent(asBeforeShare)}: ` +
    `${beside}. Advice brings more than is likely where running out costs you more than taking back, and is off by that.`
  );
}
