import { amountOf, Button, Card } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import type { CSSProperties } from "react";
import type { accountOf } from "../server/account.server.ts";
import { ActionForm } from "../shell/action-form.tsx";
import { dayInWords } from "../words/dates.ts";

type ShareStyle = CSSProperties & { "--share": number };

interface Interest {
  readonly key: "category" | "farmId";
  readonly value: string;
  readonly name: string;
  readonly strength?: number;
}

interface Learned {
  readonly eventCount: number;
  readonly lastActiveAt: string | null;
  readonly isUsed: boolean;
}

/** What the taste was learned from, and whether that is what the shopper allowed. */
function learnedWords(
  { eventCount, lastActiveAt, isUsed }: Learned,
  { isUndecided, isSignedIn }: { isUndecided: boolean; isSignedIn: boolean },
): string {
  const deeds = `${eventCount} ${eventCount === 1 ? "thing" : "things"} you did`;
  const where = isSignedIn ? "" : " in this browser";
  const last = lastActiveAt ? `, the last on ${dayInWords(lastActiveAt)}` : "";
  const use = isUsed ? "The suggestions use exactly this." : "The suggestions do not use it.";
  const asked = isUndecided ? " You have not decided yet whether we may go on: “No, thanks” deletes it." : "";
  return `Learned from ${deeds}${where}${last}. ${use}${asked}`;
}

/** The taste that suggestions use, as they use it; each part can be taken out and put back. */
export function InterestsCard() {
  const { me, taste } = useLoaderData<typeof accountOf>();
  if (!taste) {
    return (
      <Card title="Your interests">
        <p className="soft">We could not read them just now.</p>
      </Card>
    );
  }
  const hidden: Interest[] = [
    ...taste.hidden.categories.map(({ slug, name }) => ({ key: "category" as const, value: slug, name })),
    ...taste.hidden.farms.map(({ id, name }) => ({ key: "farmId" as const, value: id, name })),
  ];
  return (
    <Card title="Your interests">
      <div className="stack">
        <p className="soft">
          {taste.eventCount === 0
            ? "We know of none yet. What you look at, keep and buy shows here."
            : learnedWords(taste, { isUndecided: me.consent === "unset", isSignedIn: me.signedIn })}
        </p>
        <InterestList
          title="What you like"
          interests={taste.categories.map(({ slug, name, strength }) => ({
            key: "category",
            value: slug,
            name,
            strength,
          }))}
        />
        <InterestList
          title="Farms you like"
          interests={taste.farms.map(({ id, name, strength }) => ({
            key: "farmId",
            value: id,
            name,
            strength,
          }))}
        />
        {taste.priceRange && (
          <p>
            Most of it costs between {amountOf(taste.priceRange.minCents)} and{" "}
            {amountOf(taste.priceRange.maxCents)} for a kilogram, a litre or a piece.
          </p>
        )}
        <InterestList title="Taken out" interests={hidden} isHidden />
      </div>
    </Card>
  );
}

function InterestList({
  title,
  interests,
  isHidden = false,
}: {
  title: string;
  interests: readonly Interest[];
  isHidden?: boolean;
}) {
  if (interests.length === 0) return null;
  return (
    <section className="stack stack--tight">
      <h3>{title}</h3>
      <ul className="plain-list">
        {interests.map((interest) => (
          <InterestLine key={`${interest.key}${interest.value}`} interest={interest} isHidden={isHidden} />
        ))}
      </ul>
    </section>
  );
}

function InterestLine({ interest, isHidden }: { interest: Interest; isHidden: boolean }) {
  const { key, value, name, strength } = interest;
  const style: ShareStyle | undefined = strength === undefined ? undefined : { "--share": strength };
  return (
    <li className="interest">
      <span>{name}</span>
      {style && (
        <>
          <span className="meter" style={style} aria-hidden>
            <span />
          </span>
          <span className="visually-hidden">strength {Math.round((strength ?? 0) * 100)} of 100</span>
        </>
      )}
      <ActionForm
        action="/account?index"
        fields={{ intent: isHidden ? "restore" : "forget", [key]: value, name }}
      >
        {({ busy }) => (
          <Button
            type="submit"
            tone="quiet"
            size="small"
            icon={isHidden ? "undo" : "trash"}
            busy={busy}
            aria-label={`${isHidden ? "Restore" : "Delete"} ${name}`}
          >
            {isHidden ? "Restore" : "Delete"}
          </Button>
        )}
      </ActionForm>
    </li>
  );
}
