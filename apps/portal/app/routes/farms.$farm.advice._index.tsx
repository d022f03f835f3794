import { formatQuantity } from "@almanac/kernel";
import { Card, EmptyState, LinkButton, PageHead } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { Act } from "../parts/forms/act.tsx";
import { AdviceCard, LaterAdvice } from "../parts/advice/advice-card.tsx";
import { BringList } from "../parts/advice/bring-list.tsx";
import { LeaningSlider } from "../parts/advice/leaning-slider.tsx";
import { NotYet } from "../parts/frame/not-yet.tsx";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { TaskList } from "../parts/advice/task-list.tsx";
import { titled } from "../parts/frame/titled.ts";
import {
  adviceActions,
  adviceView,
  answerView,
  bringViews,
  taskViews,
} from "../server/advice/advice-views.ts";
import { shortDay, timeAt } from "../server/words/dates.ts";
import { farmAction, farmLoader } from "../server/request/handlers.ts";
import { inboxOf, type Inbox } from "../server/advice/inbox.ts";
import { pastAdvice } from "../server/advice/past-advice.ts";

export const loader = farmLoader(async ({ api, farm, url, timeZone, now }) => {
  const farmId = farm.id;
  const asked = Number(url.searchParams.get("leaning") ?? Number.NaN);
  const settings = await api.advice.settings({ farmId });
  const leaning = Number.isInteger(asked) && Math.abs(asked) <= 100 ? asked : settings.leaning;
  // First of all: whoever looks first has the forecasts made that the preview reads.
  const { madeAt, pending, answered, plan } = await api.advice.list({ farmId });
  const [preview, past, zone] = await Promise.all([
    api.advice.preview({ farmId, leaning }),
    api.advice.past({ farmId }),
    timeZone(),
  ]);
  const [nextDay] = preview.map(({ marketDay }) => marketDay).toSorted();
  return {
    home: `/portal/farms/${farm.slug}`,
    leaning: settings.leaning,
    /** What the preview is for. */
    previewed: leaning,
    asOf: timeAt(madeAt, zone),
    waiting: pending.length,
    inbox: inboxOf(pending.map((row) => adviceView(row, now))),
    answers: answered.map((row) => answerView(row, now)),
    past: pastAdvice(past, now),
    tasks: taskViews(answered),
    preview: preview
      .filter(({ marketDay }) => marketDay === nextDay)
      .toSorted((a, b) => a.name.localeCompare(b.name, "en-GB"))
      .map(({ productId, marketId, name, baseUnit, bringBase, marketDay, limit }) => ({
        key: `${productId} ${marketId}`,
        name,
        day: shortDay(marketDay),
        amount: formatQuantity(bringBase, baseUnit),
        limit,
      })),
    plan: bringViews(plan, now),
  };
});

export const action = farmAction({
  ...adviceActions,
  lean: async ({ api, farm, fields }) => {
    const leaning = fields.whole("leaning", { min: -100, max: 100 });
    fields.done();
    await api.advice.saveSettings({ farmId: farm.id, leaning });
    return { message: "Kept. The advice below is worked out by it." };
  },
});

export const meta = titled("Advice");

/** What the farm is advised to do: one tap for yes, a reason for no, and what came of it. */
export default function AdviceInbox() {
  const { home, leaning, asOf, waiting, inbox, answers, past, tasks, preview, plan } =
    useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        title="Advice"
        lead={`${waitingWords(inbox)} · as of ${asOf}`}
        actions={
          <LinkButton href={`${home}/advice/settings`} tone="secondary" icon="settings">
            Crates, van, costs
          </LinkButton>
        }
      />
      <OutcomeNotice />
      <div className="beside">
        <div className="stack">
          {waiting === 0 ? (
            <NothingWaits home={home} isNew={answers.length === 0 && !past} />
          ) : (
            <div className="advice-list">
              {inbox.groups.map((group) => (
                <AdviceCard key={group.key} group={group} forecasts={`${home}/forecast`} />
              ))}
              {inbox.later && (
                <LaterAdvice
                  group={inbox.later}
                  forecasts={`${home}/forecast`}
                  isOpen={inbox.groups.length === 0}
                />
              )}
            </div>
          )}
          {answers.length > 0 && (
            <Card title="Answered">
              <ul className="advice-answers">
                {answers.map(({ id, words, isUndoable }) => (
                  <li key={id}>
                    <span>{words}</span>
                    {isUndoable && (
                      <Act
                        intent="undo"
                        subject={id}
                        fields={{ name: words.split(" — ")[0]! }}
                        label="Undo"
                        about={`Undo: ${words}`}
                        tone="quiet"
                        icon="undo"
                      />
                    )}
                  </li>
                ))}
              </ul>
            </Card>
          )}
          {past && (
            <Card>
              <details className="fold">
                <summary>
                  Market days that are over: <span className="soft">{past.summary}</span>
                </summary>
                <ul className="advice-answers fold__body">
                  {past.rows.map(({ id, words }) => (
                    <li key={id}>{words}</li>
                  ))}
                </ul>
              </details>
            </Card>
          )}
        </div>
        <div className="stack">
          <Card title="How much to bring">
            <LeaningSlider key={leaning} leaning={leaning} preview={preview} />
          </Card>
          {tasks.length > 0 && <TaskList tasks={tasks} />}
          {plan.map((one) => (
            <BringList key={one.title} {...one} />
          ))}
        </div>
      </div>
    </>
  );
}

function NothingWaits({ home, isNew }: { home: string; isNew: boolean }) {
  if (isNew)
    return (
      <NotYet home={home} title="No advice yet">
        Advice comes each night, once a product has been sold on four market days.
      </NotYet>
    );
  return (
    <EmptyState title="All answered" headingLevel={2}>
      New advice comes each night, once a product has been sold on four market days.
    </EmptyState>
  );
}

function waitingWords({ groups, later }: Inbox): string {
  const products = groups.reduce((sum, group) => sum + group.products.length, 0);
  const pieces = later?.products.reduce((sum, { rows }) => sum + rows.length, 0) ?? 0;
  if (products + pieces === 0) return "Nothing waits";
  const now = products === 1 ? "1 product to decide" : `${products} products to decide`;
  const after = pieces > 0 ? `${pieces} for when there is time` : "";
  return [products > 0 ? now : "Nothing presses", after].filter(Boolean).join(" · ");
}
