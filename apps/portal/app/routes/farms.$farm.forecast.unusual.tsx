import { EmptyState, LinkButton, PageHead } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { titled } from "../parts/frame/titled.ts";
import { UnusualList } from "../parts/forecast/unusual-list.tsx";
import { farmAction, farmLoader } from "../server/request/handlers.ts";
import { unusualActions, unusualViews } from "../server/forecast/unusual-days.ts";

/** Weeks back that are shown: what is older has long been forecast around. */
const shownWeeks = 26;

export const loader = farmLoader(async ({ api, farm, now }) => {
  const days = unusualViews(await api.planning.unusual({ farmId: farm.id, weeks: shownWeeks }), now);
  return {
    slug: farm.slug,
    open: days.filter(({ isAlarm }) => isAlarm),
    others: days.filter(({ isAlarm }) => !isAlarm),
  };
});

export const action = farmAction(unusualActions);

export const meta = titled("Unusual days");

/** Market days that came out far from what was expected. */
export default function UnusualDays() {
  const { slug, open, others } = useLoaderData<typeof loader>();
  const home = `/portal/farms/${slug}`;
  return (
    <>
      <PageHead
        title="Unusual days"
        lead="Market days on which far more or less was sold than the forecast had said before. What you call a slip of the pen no longer counts in forecasts."
        actions={
          <LinkButton href={`${home}/forecast`} tone="secondary">
            Forecast
          </LinkButton>
        }
      />
      <OutcomeNotice />
      {open.length + others.length === 0 ? (
        <EmptyState title="Nothing unusual" headingLevel={2}>
          Three hours after a market has closed, its sales are held against the forecast. What is far from it
          stands here, at most three a week without an explanation. Products that sell only now and then are
          left out: one day says nothing about them.
        </EmptyState>
      ) : (
        <>
          {open.length > 0 && (
            <section className="stack">
              <h2>What was it?</h2>
              <UnusualList home={home} days={open} />
            </section>
          )}
          {others.length > 0 && (
            <section className="stack">
              <h2>Explained, answered or less pressing</h2>
              <UnusualList home={home} days={others} />
            </section>
          )}
        </>
      )}
    </>
  );
}
