import { Badge, Card, EmptyState, Notice, StatTile } from "@almanac/ui";
import { count, percent } from "../../server/words/numbers.ts";
import { Act } from "../forms/act.tsx";

export interface TastesView {
  readonly behind: number;
  readonly lines: number;
  readonly learned: number;
  readonly people: number;
  readonly skipped: { readonly nobody: number; readonly unknown: number; readonly tooMany: number };
  readonly guessed: { readonly taste: number; readonly common: number } | null;
  readonly saved: { readonly mean: number; readonly low: number; readonly high: number } | null;
  readonly answers: "taste" | "common";
  readonly handovers: readonly { readonly at: number; readonly from: string; readonly to: string }[];
  readonly learnedAt: string;
  readonly builtAt: string;
  readonly check: { readonly kind: string; readonly at: string; readonly words: string } | null;
}

/** What learns from the event log line by line: how far it is, whether it tells better than the plain rule, what the night found. */
export function TastesCard({ tastes }: { tastes: TastesView | null }) {
  return (
    <Card title="Tastes that follow what shoppers do" aside={<Badge>in the shadow</Badge>}>
      <div className="stack">
        <p className="measure">
          Learns from each look, each thing put into a cart and each wish within half a minute, and guesses it
          first: of what was taken and another thing drawn by chance, which was it? Nothing is shown to
          shoppers by it yet.
        </p>
        {tastes ? (
          <Learned tastes={tastes} />
        ) : (
          <EmptyState title="Nothing learned yet">It begins with the first two products on sale.</EmptyState>
        )}
        <div className="cluster">
          <Act intent="tastesLearn" label="Learn from what came since" icon="sparkle" />
          <Act intent="tastesRebuild" label="Learn again from the log, and compare" />
        </div>
      </div>
    </Card>
  );
}

function Learned({ tastes }: { tastes: TastesView }) {
  const { guessed, saved, answers, check } = tastes;
  const isAhead = saved !== null && saved.low > 0;
  return (
    <>
      {check?.kind === "replaced" && (
        <Notice tone="urgent" title="The night found something else, and put it right">
          {check.words} Found {check.at} UTC.
        </Notice>
      )}
      <div className="tile-grid">
        <StatTile
          label="Guessed by taste"
          value={guessed ? percent(guessed.taste) : "–"}
          change={{
            text: guessed ? `${percent(guessed.common)} by how many take it` : "nothing to guess yet",
          }}
        />
        <StatTile
          label="Learned from"
          value={count(tastes.learned)}
          change={{ text: `acts of ${count(tastes.people)} shoppers` }}
        />
        <StatTile
          label="Waiting in the log"
          value={count(tastes.behind)}
          change={{ text: `learned last ${tastes.learnedAt} UTC` }}
        />
      </div>
      <p>
        <Badge tone={isAhead ? "good" : "calm"}>
          {isAhead ? "ahead of the plain rule" : "not ahead of the plain rule"}
        </Badge>{" "}
        {saved
          ? `It saves ${saved.mean.toFixed(4)} of loss with each guess, between ${saved.low.toFixed(4)} and ${saved.high.toFixed(4)} with 95\u00a0% certainty.`
          : "It takes a thousand guesses to say."}{" "}
        {answers === "taste"
          ? "Over the latest thousand the taste is the better one, and would answer."
          : "Over the latest thousand it is no better than how many take a thing, so that would answer."}
      </p>
      <p className="small soft">
        Passed over: {count(tastes.skipped.nobody)} of people who are not to be learned from,{" "}
        {count(tastes.skipped.unknown)} about things that were not on sale at the last rebuild,{" "}
        {count(tastes.skipped.tooMany)} beyond sixty a day of one person.
        {handoverWords(tastes.handovers.length)}
      </p>
      <p className="small soft">
        Learned again from the log each night, {tastes.builtAt} UTC last.{" "}
        {check && check.kind !== "replaced" ? check.words : check ? "" : "Nothing was there to compare with."}
      </p>
    </>
  );
}

/** The five latest changes are told of. */
function handoverWords(changes: number): string {
  if (changes === 0) return "";
  if (changes >= 5) return " Who would answer has changed five times or more.";
  return changes === 1
    ? " Who would answer has changed once."
    : ` Who would answer has changed ${changes} times.`;
}
