import { parseId } from "@almanac/kernel";
import { Button, Card, Chips, EmptyState, InputField, LinkButton, PageHead, SelectField } from "@almanac/ui";
import { Form, useLoaderData } from "@remix-run/react";
import { formState, useOutcome } from "../outcome.ts";
import { Act, AskFirst, useBusy } from "../parts/forms/act.tsx";
import { MonthGrid } from "../parts/growing/month-grid.tsx";
import { useStanding } from "../parts/frame/not-yet.tsx";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { titled } from "../parts/frame/titled.ts";
import { dayInWords, dayOfMonth, shortDay, timeAt } from "../server/words/dates.ts";
import {
  kinds,
  kindWords,
  monthInWords,
  monthLater,
  weeksOf,
  type Entry,
} from "../server/growing/growing-words.ts";
import { farmAction, farmLoader } from "../server/request/handlers.ts";
import type { Api } from "../server/request/person.ts";

type PlantingId = Parameters<Api["growing"]["plantings"]["move"]>[0]["plantingId"];
type ProductId = Parameters<Api["growing"]["moveFirstHarvest"]>[0]["productId"];

export const loader = farmLoader(async ({ api, farm, url, now }) => {
  const { today, timeZone: zone } = await api.growing.place.get({ farmId: farm.id });
  const asked = url.searchParams.get("month") ?? "";
  const month =
    /^\d{4}-(0[1-9]|1[0-2])$/.test(asked) && asked > "2000-01" && asked < "2199-12"
      ? asked
      : today.slice(0, 7);
  const hidden = new Set((url.searchParams.get("hide") ?? "season").split("."));
  const weeks = weeksOf(month);
  const from = weeks[0]![0]!.day;
  const to = weeks.at(-1)!.at(-1)!.day;
  const [{ entries }, { crops, products }] = await Promise.all([
    api.growing.calendar({ farmId: farm.id, from, to }),
    api.growing.crops.list({ farmId: farm.id }),
  ]);
  const shown = entries.filter(({ kind }) => !hidden.has(kind));
  const single = shown.filter((entry) => entry.from === entry.to);
  const address = (changes: { month?: string; hide?: Set<string> }) => {
    const hide = [...(changes.hide ?? hidden)].filter((kind) => kind !== "").sort();
    return `?month=${changes.month ?? month}&hide=${hide.join(".")}`;
  };
  return {
    home: `/portal/farms/${farm.slug}`,
    month,
    title: monthInWords(month),
    earlier: address({ month: monthLater(month, -1) }),
    later: address({ month: monthLater(month, 1) }),
    now: month === today.slice(0, 7) ? null : address({ month: today.slice(0, 7) }),
    today,
    weeks,
    chips: kinds.map((kind) => {
      const hide = new Set(hidden);
      if (!hide.delete(kind)) hide.add(kind);
      return {
        href: address({ hide }),
        label: kindWords[kind],
        on: !hidden.has(kind),
        count: entries.filter((entry) => entry.kind === kind && overlaps(entry, month)).length,
      };
    }),
    grid: Object.fromEntries(
      [...Map.groupBy(single, ({ from: day }) => day)].map(([day, rows]) => [
        day,
        rows.map(({ id, kind, title }) => ({ id, kind, title })),
      ]),
    ),
    days: [
      ...Map.groupBy(
        single.filter((entry) => overlaps(entry, month)),
        ({ from: day }) => day,
      ),
    ].map(([day, rows]) => ({ day, title: dayInWords(day, now), rows: rows.map((row) => line(row, zone)) })),
    spans: shown
      .filter((entry) => entry.from !== entry.to && overlaps(entry, month))
      .map((entry) => line(entry, zone)),
    crops: crops
      .map(({ crop, name }) => ({ value: crop, label: name }))
      .sort((a, b) => (a.label < b.label ? -1 : 1)),
    products: products.map(({ productId, name }) => ({ value: productId, label: name })),
  };
});

function overlaps({ from, to }: Entry, month: string): boolean {
  return from.slice(0, 7) <= month && to.slice(0, 7) >= month;
}

function line(entry: Entry, zone: string) {
  const time = entry.startsAt ? timeAt(entry.startsAt, zone) : "";
  const spans = entry.from === entry.to ? "" : `${shortDay(entry.from)} to ${shortDay(entry.to)}`;
  return {
    id: entry.id,
    kind: entry.kind,
    title: entry.title,
    detail: [entry.kind === "market" ? "" : time, spans, entry.detail].filter(Boolean).join(" · "),
    plantingId: entry.plantingId,
  };
}

export const action = farmAction({
  sow: async ({ api, farm, fields, now }) => {
    const sowing = {
      crop: fields.text("crop", { required: "Choose one." }),
      sowOn: fields.text("sowOn", { required: "Say on which day." }),
      seeds: fields.whole("seeds", { min: 1, max: 10_000_000 }),
      note: fields.text("note"),
    };
    if (!/^\d{4}-\d{2}-\d{2}$/.test(sowing.sowOn)) fields.wrong("sowOn", "A day such as 2026-05-01.");
    fields.done();
    const { plantingId } = await api.growing.plantings.add({ farmId: farm.id, ...sowing });
    return {
      message: `Noted for ${dayInWords(sowing.sowOn, now)}.`,
      undo: { label: "Undo", fields: { intent: "remove", subject: plantingId } },
    };
  },
  move: async ({ api, farm, fields }) => {
    const byDays = fields.whole("days", { min: -300, max: 300 });
    const only = fields.oneOf("only", ["all", "harvest"]);
    fields.done();
    const plantingId = parseId<PlantingId>(fields.text("subject"));
    await api.growing.plantings.move({ farmId: farm.id, plantingId, byDays, only });
    return {
      message: "Moved.",
      undo: {
        label: "Undo",
        fields: { intent: "move", subject: plantingId, days: String(-byDays), only },
      },
    };
  },
  remove: async ({ api, farm, fields }) => {
    await api.growing.plantings.remove({
      farmId: farm.id,
      plantingId: parseId<PlantingId>(fields.text("subject")),
    });
    return { message: "Removed from the calendar." };
  },
  firstHarvest: async ({ api, farm, fields }) => {
    const productId = fields.text("product", { required: "Choose one." });
    const byDays = fields.whole("days", { min: -200, max: 200 });
    fields.done();
    const moved = await api.growing.moveFirstHarvest({
      farmId: farm.id,
      productId: parseId<ProductId>(productId),
      byDays,
    });
    return {
      message: `Its season begins on ${dayOfMonth(`2024-${moved.firstDay}`)}. Shoppers see it at once.`,
      undo: { label: "Undo", fields: { intent: "firstHarvest", product: productId, days: String(-byDays) } },
    };
  },
});

type View = Awaited<ReturnType<typeof loader>>;
type Line = View["spans"][number];

export const meta = titled<typeof loader>(({ title }) => `Calendar, ${title}`);

/** The farm's year: what it sows and picks, markets, orders and holidays, month by month. */
export default function Calendar() {
  const view = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        title={view.title}
        lead="What you sow and pick, market days, orders and holidays."
        actions={
          <>
            <LinkButton href={`${view.home}/plan`} icon="leaf">
              Plan successions
            </LinkButton>
            <LinkButton href={`${view.home}/calendar/settings`} tone="secondary" icon="settings">
              Beds, frosts, subscribe
            </LinkButton>
          </>
        }
      />
      <OutcomeNotice />
      <div className="cluster cluster--apart screen-only">
        <LinkButton href={view.earlier} tone="quiet" icon="chevron-left">
          Earlier
        </LinkButton>
        {view.now && (
          <LinkButton href={view.now} tone="quiet">
            This month
          </LinkButton>
        )}
        <LinkButton href={view.later} tone="quiet">
          Later
        </LinkButton>
      </div>
      <Chips label="What is shown" chips={view.chips} />
      <MonthGrid caption={view.title} weeks={view.weeks} entries={view.grid} today={view.today} />
      {view.spans.length > 0 && (
        <Card title="All along">
          <Lines rows={view.spans} />
        </Card>
      )}
      {view.days.length === 0 && view.spans.length === 0 ? (
        <EmptyState title="Nothing this month" headingLevel={2} picture="seedling">
          Note a sowing below, or have successions planned back from what sells.
        </EmptyState>
      ) : (
        <section className="stack day-list" aria-label="Day by day">
          {view.days.map(({ day, title, rows }) => (
            <section key={day} id={`day-${day}`} className="day-list__day">
              <h2 className="day-list__title">{title}</h2>
              <Lines rows={rows} />
            </section>
          ))}
        </section>
      )}
      <div className="two-up screen-only">
        <SowForm view={view} />
        {view.products.length > 0 ? <FirstHarvestForm view={view} /> : <NoCrops home={view.home} />}
      </div>
    </>
  );
}

function Lines({ rows }: { rows: readonly Line[] }) {
  return (
    <ul className="agenda">
      {rows.map((row) => (
        <li key={row.id} className={`agenda__row kind-${row.kind}`}>
          <span className="month__dot" aria-hidden />
          <div className="agenda__text">
            <span className="agenda__title">{row.title}</span>
            {row.detail && <span className="small soft">{row.detail}</span>}
          </div>
          {row.plantingId && <Change row={row} plantingId={row.plantingId} />}
        </li>
      ))}
    </ul>
  );
}

function Change({ row, plantingId }: { row: Line; plantingId: string }) {
  return (
    <details className="fold agenda__change">
      <summary aria-label={`Change: ${row.title}`}>Change</summary>
      <div className="fold__body stack stack--tight">
        <Form method="post" className="field-row" preventScrollReset>
          <input type="hidden" name="intent" value="move" />
          <input type="hidden" name="subject" value={plantingId} />
          <input type="hidden" name="only" value={row.kind === "harvest" ? "harvest" : "all"} />
          <InputField
            label="Days later"
            name="days"
            type="number"
            min={-300}
            max={300}
            defaultValue="7"
            short
            numeric
            hint="Negative for earlier."
          />
          <Button type="submit" tone="secondary" size="small">
            Move it
          </Button>
        </Form>
        <AskFirst
          label="Remove"
          about={`Remove: ${row.title}`}
          question="The whole sowing goes, with its harvest."
        >
          <Act intent="remove" subject={plantingId} label="Remove it" tone="warm" icon="trash" />
        </AskFirst>
      </div>
    </details>
  );
}

function SowForm({ view }: { view: View }) {
  const form = formState(useOutcome(), "sow");
  const busy = useBusy("sow");
  return (
    <Card title="Note a sowing">
      <Form method="post" className="stack" preventScrollReset>
        <input type="hidden" name="intent" value="sow" />
        <SelectField
          label="Crop"
          required
          {...form.field("crop")}
          options={[{ value: "", label: "Choose one" }, ...view.crops]}
        />
        <div className="field-row">
          <InputField label="On" type="date" required {...form.field("sowOn", view.today)} />
          <InputField
            label="Seeds"
            type="number"
            min={1}
            short
            numeric
            required
            {...form.field("seeds", "100")}
          />
        </div>
        <InputField label="Note" optional maxLength={500} {...form.field("note")} />
        <div>
          <Button type="submit" busy={busy}>
            Note it
          </Button>
        </div>
      </Form>
    </Card>
  );
}

/** Without a product that grows there is no season to move, and no harvest to come. */
function NoCrops({ home }: { home: string }) {
  const isWithoutAny = useStanding() === "no-products";
  return (
    <Card title="What you grow">
      <p>
        {isWithoutAny
          ? "You have no products yet. With a product and its crop, its season and harvests stand here."
          : "None of your products says what crop it is. With it, its season and harvests stand here."}
      </p>
      <div>
        <LinkButton href={isWithoutAny ? `${home}/products/new` : `${home}/products`} tone="secondary">
          {isWithoutAny ? "New product" : "Your products"}
        </LinkButton>
      </div>
    </Card>
  );
}

function FirstHarvestForm({ view }: { view: View }) {
  const form = formState(useOutcome(), "firstHarvest");
  const busy = useBusy("firstHarvest");
  return (
    <Card title="The first harvest comes at another time">
      <Form method="post" className="stack" preventScrollReset>
        <input type="hidden" name="intent" value="firstHarvest" />
        <p className="small soft">
          The shop follows: when it is in season, what is coming, and how it is ranked.
        </p>
        <SelectField
          label="Product"
          required
          {...form.field("product")}
          options={[{ value: "", label: "Choose one" }, ...view.products]}
        />
        <InputField
          label="Days later"
          hint="Negative for earlier."
          type="number"
          min={-200}
          max={200}
          short
          numeric
          required
          {...form.field("days", "10")}
        />
        <div>
          <Button type="submit" busy={busy}>
            Move its season
          </Button>
        </div>
      </Form>
    </Card>
  );
}
