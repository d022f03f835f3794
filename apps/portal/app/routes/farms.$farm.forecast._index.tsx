import { Badge, Card, LinkButton, PageHead } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { Act } from "../parts/forms/act.tsx";
import { NotYet } from "../parts/frame/not-yet.tsx";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { RowList, type RowProps } from "../parts/frame/row-list.tsx";
import { titled } from "../parts/frame/titled.ts";
import { momentAt } from "../server/words/dates.ts";
import { forecastDays } from "../server/forecast/forecast-days.ts";
import { classWords } from "../server/forecast/forecast-words.ts";
import { farmAction, farmLoader } from "../server/request/handlers.ts";

export const loader = farmLoader(async ({ api, farm, timeZone, now }) => {
  const { forecasts, classes, madeAt } = await api.planning.forecasts({ farmId: farm.id });
  return {
    slug: farm.slug,
    good: classWords(classes),
    madeAt: madeAt && momentAt(madeAt, await timeZone(), now),
    days: forecastDays(forecasts, now),
  };
});

export const action = farmAction({
  refresh: async ({ api, farm, fields }) => {
    fields.done();
    const { products } = await api.planning.refresh({ farmId: farm.id });
    return { message: `Worked out anew, for ${products} products.` };
  },
});

export const meta = titled("Forecast");

/** What the next market days will ask for. */
export default function Forecast() {
  const { slug, days, good, madeAt } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        title="Forecast"
        lead={
          madeAt
            ? `What shoppers are likely to order, worked out from your past orders on ${madeAt}.`
            : "What shoppers are likely to order, worked out from your past orders each night."
        }
        actions={
          <>
            <Act intent="refresh" label="Work it out now" icon="undo" />
            <LinkButton href={`/portal/farms/${slug}/forecast/unusual`} size="small" tone="secondary">
              Unusual days
            </LinkButton>
          </>
        }
      />
      <OutcomeNotice />
      {days.length === 0 ? (
        <NotYet home={`/portal/farms/${slug}`} title="No forecast yet">
          A product needs four market days of orders first. Then the night fills this page, or the button
          above does.
        </NotYet>
      ) : (
        <>
          {days.map(({ key, title, rows }) => (
            <section key={key} className="stack">
              <h2>{title}</h2>
              <DayRows title={title} rows={rows.map((row) => asRow(row, slug))} />
            </section>
          ))}
          <Card title="How good these are">
            <ul className="plain-list">
              {good.map((text) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
          </Card>
        </>
      )}
    </>
  );
}

/** So many products of a day are in sight, those that sell most; the others are one tap away. */
const inSight = 10;

function DayRows({ title, rows }: { title: string; rows: readonly (RowProps & { key: string })[] }) {
  const rest = rows.slice(inSight);
  return (
    <>
      <RowList label={`Expected on ${title}`} rows={rows.slice(0, inSight)} />
      {rest.length > 0 && (
        <details className="fold">
          <summary>
            {rest.length} more on {title}
          </summary>
          <RowList label={`Also expected on ${title}`} rows={rest} />
        </details>
      )}
    </>
  );
}

type DayRow = ReturnType<typeof useLoaderData<typeof loader>>["days"][number]["rows"][number];

const asRow = ({ id, page, range, ordered, expected, isRare, ...row }: DayRow, slug: string) => ({
  ...row,
  key: id,
  href: `/portal/farms/${slug}/forecast/${page}`,
  detail: `${range}${ordered}`,
  figure: expected,
  badge: isRare && <Badge>now and then</Badge>,
});
