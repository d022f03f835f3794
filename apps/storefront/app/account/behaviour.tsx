import { amountOf, Card } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import type { CSSProperties } from "react";
import type { accountOf } from "../server/account.server.ts";

type ShareStyle = CSSProperties & { "--share": number };

const words: Readonly<Record<string, string>> = {
  LOYAL_CUSTOMER: "a loyal customer",
  PRICE_SENSITIVE: "somebody who waits for a good price",
  IMPULSE_BUYER: "somebody who decides quickly",
  RESEARCHER: "somebody who looks closely before choosing",
  BUYER: "a buyer",
  BROWSER: "somebody who likes to look around",
  NEW: "new here",
};

const factors = [
  ["recency", "how lately you were here"],
  ["frequency", "how often you come"],
  ["depth", "how much you look at"],
  ["monetary", "what you spend"],
  ["social", "ratings, wishes and farms you follow"],
] as const;

/** The group and the scores that the platform itself goes by, as the programs get them. */
export function BehaviourCard() {
  const { behaviour } = useLoaderData<typeof accountOf>();
  if (!behaviour) return null;
  const { engagementScore, engagement, rule } = behaviour;
  return (
    <Card title="How you shop">
      <div className="stack">
        <p>
          We see you as <strong>{words[behaviour.behavioralSegment] ?? behaviour.behavioralSegment}</strong>.
        </p>
        <p className="soft small">The rule: {rule}.</p>
        <p>
          Engagement <strong>{engagementScore.toFixed(2)}</strong> <span className="soft">of 1, made of</span>
        </p>
        <ul className="plain-list">
          {factors.map(([factor, text]) => (
            <li key={factor} className="interest">
              <span>{text}</span>
              <span className="meter" style={{ "--share": engagement[factor] } as ShareStyle} aria-hidden>
                <span />
              </span>
              <span className="visually-hidden">{Math.round(100 * engagement[factor])} of 100</span>
            </li>
          ))}
        </ul>
        <Habits />
        <Outlook />
      </div>
    </Card>
  );
}

const weekdays = ["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"];
const times = {
  night: "at night",
  morning: "in the morning",
  afternoon: "in the afternoon",
  evening: "in the evening",
} as const;
const withDevice = { phone: "a phone", tablet: "a tablet", computer: "a computer" } as const;

/** When and with what the shopper comes, where anything is known. */
function Habits() {
  const { behaviour } = useLoaderData<typeof accountOf>();
  if (!behaviour) return null;
  const { timePatterns, devicePreferences } = behaviour;
  const day = mostOf(timePatterns.weekdays.map((share, at) => [weekdays[at]!, share] as const));
  const time = mostOf(Object.entries(timePatterns.partsOfDay));
  const device = mostOf(Object.entries(devicePreferences));
  if (!day || !time) return null;
  return (
    <p>
      In three months you came most on <strong>{day.name}</strong> ({percent(day.share)} of what you did) and{" "}
      <strong>{times[time.name as keyof typeof times]}</strong> ({percent(time.share)})
      {device && (
        <>
          , with <strong>{withDevice[device.name as keyof typeof withDevice]}</strong> (
          {percent(device.share)})
        </>
      )}
      .
    </p>
  );
}

/** The largest share and whose it is; nothing where all are 0. */
function mostOf(
  shares: readonly (readonly [string, number])[],
): { readonly name: string; readonly share: number } | undefined {
  const [name, share] = shares.reduce((most, next) => (next[1] > most[1] ? next : most), ["", 0] as const);
  return share > 0 ? { name, share } : undefined;
}

const percent = (share: number): string => `${Math.round(100 * share)}\u00a0%`;

/** What is expected of the shopper: the very numbers that the platform and its farms go by. */
function Outlook() {
  const { behaviour } = useLoaderData<typeof accountOf>();
  const { churnRisk, lifetimeValue } = behaviour ?? {};
  if (!churnRisk && !lifetimeValue) return null;
  const { probability, windowDays, reasons = [] } = churnRisk ?? {};
  return (
    <>
      {lifetimeValue && (
        <p>
          We expect orders of about <strong>{amountOf(lifetimeValue.cents)}</strong> from you in the coming
          half-year
          <span className="soft">
            {" "}
            (in four of five cases {amountOf(lifetimeValue.lowCents)} to {amountOf(lifetimeValue.highCents)}).
          </span>
        </p>
      )}
      {typeof probability === "number" && (
        <p>
          The chance that you stay away for {windowDays} days on which your market is open:{" "}
          <strong>{Math.round(100 * probability)}&nbsp;%</strong>
          {reasons.length > 0 && <span className="soft">, as: {reasons.join("; ")}</span>}.
        </p>
      )}
      {probability === null && reasons.length > 0 && (
        <p className="soft">Whether you will stay away: {reasons.join("; ")}.</p>
      )}
    </>
  );
}
