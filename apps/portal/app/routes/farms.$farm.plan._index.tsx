import { formatQuantity, formatRoughQuantity, parseId } from "@almanac/kernel";
import {
  Button,
  Card,
  EmptyState,
  Icon,
  InputField,
  LinkButton,
  Notice,
  PageHead,
  SelectField,
  StatTile,
} from "@almanac/ui";
import { Form, useLoaderData } from "@remix-run/react";
import { Act } from "../parts/forms/act.tsx";
import { BedPlan } from "../parts/growing/bed-plan.tsx";
import { DemandWeeks } from "../parts/growing/demand-weeks.tsx";
import { useStanding } from "../parts/frame/not-yet.tsx";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { titled } from "../parts/frame/titled.ts";
import { shortDay } from "../server/words/dates.ts";
import { gapWords, type Plan } from "../server/growing/growing-words.ts";
import { farmAction, farmLoader } from "../server/request/handlers.ts";
import type { Api } from "../server/request/person.ts";
import { shares, wishOf } from "../server/growing/plan-wish.ts";

type PlanId = Parameters<Api["growing"]["plan"]["undo"]>[0]["planId"];

export const loader = farmLoader(async ({ api, farm, url }) => {
  const { today } = await api.growing.place.get({ farmId: farm.id });
  const { crops, products } = await api.growing.crops.list({ farmId: farm.id });
  const known = new Map(crops.map((crop) => [crop.crop, crop]));
  const plannable = products.filter(({ crop, baseUnit }) => known.get(crop)?.baseUnit === baseUnit);
  const chosen = plannable.find(({ productId }) => productId === url.searchParams.get("product"));
  const wish = chosen && wishOf(url.searchParams, today, chosen.baseUnit);
  const plan = wish && (await api.growing.plan.preview({ farmId: farm.id, ...wish }));
  return {
    home: `/portal/farms/${farm.slug}`,
    unplannable: products
      .filter(({ crop, baseUnit }) => known.has(crop) && known.get(crop)!.baseUnit !== baseUnit)
      .map(({ name }) => name),
    products: plannable.map(({ productId, name }) => ({ value: productId, label: name })),
    /** Why the list is empty. */
    lacks: plannable.length > 0 ? null : lackOf(products, new Set(known.keys())),
    asked: {
      product: chosen?.productId ?? "",
      from: wish?.from ?? today,
      weeks: wish?.weeks ?? 26,
      share: String(wish?.share ?? 0.5),
      aWeek: url.searchParams.get("aWeek") ?? "",
      unit: chosen ? (chosen.baseUnit === "piece" ? "pieces" : chosen.baseUnit === "ml" ? "l" : "kg") : "",
    },
    csv: `/portal/farms/${farm.slug}/plan/file${url.search}`,
    plan: plan ? planView(plan) : null,
  };
});

/** Nothing says what it grows, or nothing that is known here; else it is sold by another measure, which is told below. */
function lackOf(products: readonly { name: string; crop: string }[], known: ReadonlySet<string>) {
  if (products.length === 0) return { kind: "no-crop" as const };
  const strange = products.filter(({ crop }) => !known.has(crop));
  return strange.length === 0
    ? null
    : { kind: "strange-crop" as const, crops: [...new Set(strange.map(({ crop }) => crop))] };
}

function planView(plan: Plan) {
  const { crop, sowings, weeks } = plan;
  const start = sowings[0]?.sowOn ?? weeks[0]!.week;
  const last = sowings.at(-1)?.harvestTo ?? weeks.at(-1)!.week;
  const at = (day: string): number => Math.round((Date.parse(day) - Date.parse(start)) / 86_400_000);
  const amount = (base: number): string => formatRoughQuantity(base, crop.baseUnit);
  const gaps = weeks.filter(({ gap }) => gap !== null);
  return {
    name: plan.name,
    crop: `${crop.name}: ${crop.daysToMaturity} days, ${crop.germinationPercent}\u00a0% come up, ${formatQuantity(crop.yieldBasePerPlant, crop.baseUnit)} a plant.`,
    seeds: plan.seeds,
    metres: Math.round(plan.peakBedMetres * 10) / 10,
    beds: plan.bedMetres,
    length: Math.max(1, at(last) + 1),
    months: monthMarks(start, last, at),
    rows: sowings.map((sowing, index) => ({
      key: `${sowing.sowOn} ${index}`,
      label: `${sowing.seeds} seeds`,
      sow: at(sowing.sowOn),
      outside: at(sowing.transplantOn ?? sowing.sowOn),
      harvest: at(sowing.harvestFrom),
      end: at(sowing.harvestTo) + 1,
      words: [
        dayAlone(sowing.sowOn),
        sowing.transplantOn ? dayAlone(sowing.transplantOn) : "–",
        `${dayAlone(sowing.harvestFrom)} – ${dayAlone(sowing.harvestTo)}`,
        String(sowing.seeds),
        `${Math.round(sowing.bedMetres * 10) / 10} m`,
      ],
    })),
    weeks: weeks.map(({ week, wantedBase, suppliedBase, gap }) => ({
      label: dayAlone(week),
      wanted: wantedBase,
      supplied: suppliedBase,
      isGap: gap !== null,
      words: [
        shortDay(week),
        amount(wantedBase),
        amount(suppliedBase),
        gap ? `${amount(gap.missingBase)} missing: ${gapWords[gap.reason]}` : "",
      ],
    })),
    gaps: [...Map.groupBy(gaps, ({ gap }) => gap!.reason)].map(([reason, rows]) => ({
      reason,
      words: `${rows.length === 1 ? "One week" : `${rows.length} weeks`} (${shortDay(rows[0]!.week)}${rows.length > 1 ? ` to ${shortDay(rows.at(-1)!.week)}` : ""}): ${gapWords[reason]}.`,
    })),
    isWanted: weeks.some(({ wantedBase }) => wantedBase > 0),
  };
}

/** "21 Jun" */
const dayAlone = (day: string): string => shortDay(day).replace(/^\w+ /, "");

/** Where months begin; what would stand too near to the next is left out. */
function monthMarks(start: string, last: string, at: (day: string) => number) {
  const marks = monthsBetween(start, last).map((month) => ({
    at: Math.max(0, at(`${month}-01`)),
    label: new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", month: "short" }).format(
      new Date(`${month}-15`),
    ),
  }));
  const least = at(last) / 16;
  return marks.filter((mark, index) => (marks[index + 1]?.at ?? Infinity) - mark.at >= least);
}

function monthsBetween(from: string, to: string): string[] {
  const months: string[] = [];
  for (let month = from.slice(0, 7); month <= to.slice(0, 7) && months.length < 36;) {
    months.push(month);
    const [year, number] = month.split("-").map(Number);
    month = new Date(Date.UTC(year!, number!, 1)).toISOString().slice(0, 7);
  }
  return months;
}

export const action = farmAction({
  accept: async ({ api, farm, fields, url }) => {
    fields.done();
    const { today } = await api.growing.place.get({ farmId: farm.id });
    const { products } = await api.growing.crops.list({ farmId: farm.id });
    const product = products.find(({ productId }) => productId === url.searchParams.get("product"));
    const wish = wishOf(url.searchParams, today, product?.baseUnit);
    if (!wish) return { message: "Choose a product first." };
    const { planId, sowings } = await api.growing.plan.accept({ farmId: farm.id, ...wish });
    return {
      message: `${sowings === 1 ? "One sowing is" : `${sowings} sowings are`} in your calendar.`,
      ...(sowings > 0 && { undo: { label: "Undo", fields: { intent: "undo", subject: planId } } }),
    };
  },
  undo: async ({ api, farm, fields }) => {
    const { sowings } = await api.growing.plan.undo({
      farmId: farm.id,
      planId: parseId<PlanId>(fields.text("subject")),
    });
    return { message: `Taken back: ${sowings} sowings are out of your calendar.` };
  },
});

export const meta = titled("Successions");

/** Sowings planned back from what will be wanted. */
export default function SuccessionPlan() {
  const view = useLoaderData<typeof loader>();
  const { home, lacks, unplannable, plan, csv } = view;
  return (
    <>
      <PageHead
        title="Successions"
        lead="When to sow how much, back from what your buyers want in each week."
        actions={
          <LinkButton href={`${home}/calendar`} tone="secondary" icon="calendar">
            To the calendar
          </LinkButton>
        }
      />
      <OutcomeNotice />
      {lacks ? <NothingToPlan home={home} lacks={lacks} /> : <Chooser view={view} />}
      {plan && <PlanShown plan={plan} csv={csv} />}
      {unplannable.length > 0 && (
        <p className="small soft screen-only">
          Not in the list yet: {unplannable.join(", ")}. You sell them by the piece or bunch, and what a plant
          gives is written by weight. Say under <a href={`${home}/calendar/settings`}>beds and frosts</a> how
          much of what you sell one plant gives.
        </p>
      )}
    </>
  );
}

type View = Awaited<ReturnType<typeof loader>>;

/** What is planned, and from when on. */
function Chooser({ view: { home, products, asked, plan } }: { view: View }) {
  return (
    <>
      <Card className="screen-only">
        <Form method="get" className="stack" key={JSON.stringify(asked)}>
          <div className="field-row">
            <SelectField
              label="Product"
              name="product"
              defaultValue={asked.product}
              options={[{ value: "", label: "Choose one" }, ...products]}
            />
            <InputField
              label="First harvest in the week of"
              type="date"
              name="from"
              defaultValue={asked.from}
            />
            <InputField
              label="Weeks"
              type="number"
              name="weeks"
              min={1}
              max={60}
              short
              numeric
              defaultValue={asked.weeks}
            />
          </div>
          <div className="field-row">
            <SelectField
              label="I would rather"
              name="share"
              defaultValue={asked.share}
              options={[...shares]}
            />
            <InputField
              label={asked.unit ? `Or each week, in ${asked.unit}` : "Or each week"}
              optional
              name="aWeek"
              inputMode="decimal"
              short
              numeric
              hint="Left empty: from your past sales at that time of the year."
              defaultValue={asked.aWeek}
            />
            <Button type="submit">Plan it</Button>
          </div>
        </Form>
      </Card>
      {!plan && (
        <EmptyState title="What shall be planned?" headingLevel={2} picture="seedling">
          Choose a product above. How your crops grow, and where, is under{" "}
          <a href={`${home}/calendar/settings`}>beds and frosts</a>.
        </EmptyState>
      )}
    </>
  );
}

/** The list of products would be empty: why, and where to see to it. */
function NothingToPlan({ home, lacks }: { home: string; lacks: NonNullable<View["lacks"]> }) {
  const standing = useStanding();
  const isStrange = lacks.kind === "strange-crop";
  const isWithoutAny = standing === "no-products";
  return (
    <EmptyState
      title="Nothing can be planned yet"
      headingLevel={2}
      picture="seedling"
      actions={
        isWithoutAny ? (
          <LinkButton href={`${home}/products/new`}>New product</LinkButton>
        ) : (
          <LinkButton href={`${home}/products`}>Your products</LinkButton>
        )
      }
    >
      {isWithoutAny && "You have no products yet. Add what you grow, and say what crop it is."}
      {!isWithoutAny && !isStrange && (
        <>
          None of your products says what crop it is. Open one and fill in its crop, such as tomato: that
          tells how it grows.
        </>
      )}
      {!isWithoutAny && isStrange && (
        <>
          How {lacks.crops.join(", ")} grows is not known here. Give your products a crop from the list under
          “Note a sowing” in <a href={`${home}/calendar`}>your calendar</a>.
        </>
      )}
    </EmptyState>
  );
}

type Shown = NonNullable<Awaited<ReturnType<typeof loader>>["plan"]>;

function PlanShown({ plan, csv }: { plan: Shown; csv: string }) {
  if (!plan.isWanted)
    return (
      <Notice title={`${plan.name} was never asked for at that time of the year.`}>
        Say above how much you want each week instead.
      </Notice>
    );
  return (
    <>
      <div className="tile-grid">
        <StatTile label="Sowings" value={plan.rows.length} />
        <StatTile label="Seeds" value={plan.seeds.toLocaleString("en-GB")} />
        <StatTile
          label="Bed at most"
          value={`${plan.metres} m`}
          {...(plan.beds > 0 && { change: { text: `of ${plan.beds} m` } })}
        />
      </div>
      <p className="small soft">{plan.crop}</p>
      {plan.gaps.length > 0 && (
        <Notice tone="urgent" title="Weeks that cannot be had">
          <ul className="plain-list">
            {plan.gaps.map(({ reason, words }) => (
              <li key={reason}>{words}</li>
            ))}
          </ul>
        </Notice>
      )}
      <Card>
        <DemandWeeks title="Wanted and grown, week by week" weeks={plan.weeks} />
      </Card>
      {plan.rows.length > 0 && (
        <>
          <Card>
            <BedPlan
              title={`Sowings of ${plan.name}`}
              rows={plan.rows}
              length={plan.length}
              months={plan.months}
            />
          </Card>
          <div className="cluster screen-only">
            <Act intent="accept" label="Put it into my calendar" tone="primary" size="medium" icon="check" />
            <a className="button button--secondary" href={csv} download>
              <Icon name="download" /> As a spreadsheet
            </a>
          </div>
        </>
      )}
    </>
  );
}
