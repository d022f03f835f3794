import { Button, Card, Fieldset, InputField, Notice, SeasonFigure, SelectField } from "@almanac/ui";
import { Form, useLoaderData } from "@remix-run/react";
import { formState, useOutcome, type FormState } from "../outcome.ts";
import { Act, useBusy } from "../parts/forms/act.tsx";
import { AskedCard } from "../parts/forecast/asked-card.tsx";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { titled } from "../parts/frame/titled.ts";
import type { Fields } from "../server/request/fields.ts";
import { farmAction, farmLoader } from "../server/request/handlers.ts";
import { monthDayInWords } from "../server/words/month-days.ts";
import { productIdOf, publicViewOf } from "../server/products/products.ts";
import { askedChances } from "../server/forecast/asked-chances.ts";
import { seasonYear } from "../server/growing/season-year.ts";

const kinds = ["field", "greenhouse", "stored", "year_round"] as const;
const kindWords = {
  field: "grows in the field",
  greenhouse: "grows under glass, too",
  stored: "is stored after harvest",
  year_round: "has no season",
} as const;
const scopeWords = {
  product: "You set this for this product.",
  farm: "This is set for all of your farm's products of this crop.",
  region: "This is the usual season of the region. Set your own below.",
  crop: "This is the usual season of the crop. Set your own below.",
} as const;
const dayNames = ["firstDay", "peakStart", "peakEnd", "lastDay"] as const;
const dayLabels = {
  firstDay: "First day",
  peakStart: "Best from",
  peakEnd: "Best until",
  lastDay: "Last day",
} as const;

export const loader = farmLoader(async ({ api, farm, params, now }) => {
  const product = await api.farmCatalog.products.get({ farmId: farm.id, productId: productIdOf(params) });
  const [view, asked] = await Promise.all([
    publicViewOf(api, product),
    askedChances(api, { farmId: farm.id, productId: product.id }),
  ]);
  const harvest = view?.harvest;
  return {
    crop: product.crop,
    isLive: product.status === "live",
    kind: harvest?.kind,
    scope: harvest?.scope,
    windows: (harvest?.windows ?? []).map((window) => windowInWords(window)),
    year: harvest && harvest.kind !== "year_round" ? seasonYear(harvest.windows) : undefined,
    month: now.getUTCMonth() + 1,
    asked,
  };
});

export const action = farmAction({
  set: async ({ api, farm, fields, params }) => {
    const kind = fields.oneOf("kind", kinds);
    const windows = kind === "year_round" ? [] : [0, 1].flatMap((index) => readWindow(fields, index));
    if (kind !== "year_round" && windows.length === 0)
      fields.wrong("firstDay0", "Give the days of at least one harvest.");
    fields.done();
    await api.farmCatalog.harvestWindow.set({
      farmId: farm.id,
      productId: productIdOf(params),
      kind,
      windows,
    });
    return { message: "The season is set. Shoppers see it at once." };
  },
  clear: async ({ api, farm, params }) => {
    await api.farmCatalog.harvestWindow.clear({ farmId: farm.id, productId: productIdOf(params) });
    return { message: "Your own days are removed; the usual season holds." };
  },
});

type HarvestDays = Record<(typeof dayNames)[number], string>;

const daysOf = (read: (name: (typeof dayNames)[number]) => string): HarvestDays => ({
  firstDay: read("firstDay"),
  peakStart: read("peakStart"),
  peakEnd: read("peakEnd"),
  lastDay: read("lastDay"),
});

const windowInWords = (window: Readonly<HarvestDays>): HarvestDays =>
  daysOf((name) => monthDayInWords(window[name]));

function readWindow(fields: Fields, index: number): HarvestDays[] {
  if (dayNames.every((name) => fields.text(`${name}${index}`) === "")) return [];
  return [daysOf((name) => fields.monthDay(`${name}${index}`))];
}

export const meta = titled("Season");

export default function Season() {
  const { crop, isLive, kind, scope, windows, year, month, asked } = useLoaderData<typeof loader>();
  const form = formState(useOutcome(), "set");
  const busy = useBusy("set");
  return (
    <>
      <OutcomeNotice />
      {year && (
        <Card title="Its year">
          <SeasonFigure year={year} month={month} />
          <p className="small soft">{scope && scopeWords[scope]}</p>
        </Card>
      )}
      {kind === "year_round" && <Notice title="It has no season: it is there all year." />}
      {!isLive && (
        <Notice title="The season that holds now is shown once the product is on sale. Days set here count from then on." />
      )}
      <Form
        method="post"
        className="stack form-column"
        preventScrollReset
        key={JSON.stringify([kind, windows])}
      >
        <input type="hidden" name="intent" value="set" />
        <SelectField
          label={crop ? `How ${crop} comes` : "How it comes"}
          {...form.field("kind", kind ?? "field")}

          options={kinds.map((one) => ({ value: one, label: kindWords[one] }))}
        />
        <HarvestFields legend="Harvest" index={0} form={form} stored={windows[0]} />
        <details className="fold" open={windows.length > 1}>
          <summary>A second harvest in the year</summary>
          <div className="fold__body">
            <HarvestFields legend="Second harvest" index={1} form={form} stored={windows[1]} />
          </div>
        </details>
        <div>
          <Button type="submit" busy={busy}>
            Set the season
          </Button>
        </div>
      </Form>
      {asked.map((market) => (
        <AskedCard key={market.marketId} market={market} />
      ))}
      {scope === "product" && <Act intent="clear" label="Remove your own days" tone="quiet" icon="undo" />}
    </>
  );
}

interface HarvestFieldsProps {
  legend: string;
  index: number;
  form: FormState;
  stored: Readonly<HarvestDays> | undefined;
}

function HarvestFields({ legend, index, form, stored }: HarvestFieldsProps) {
  return (
    <Fieldset legend={legend} hint="Days such as 15 July, in the order they come. They may cross New Year.">
      <div className="field-row">
        {dayNames.map((name) => (
          <InputField
            key={name}
            label={dayLabels[name]}
            name={`${name}${index}`}
            placeholder="15 July"
            autoComplete="off"
            short
            defaultValue={form.value(`${name}${index}`, stored?.[name])}
            error={form.problem(`${name}${index}`)}
          />
        ))}
      </div>
    </Fieldset>
  );
}
