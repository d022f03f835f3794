import { formatCents, parseId, type VariantId } from "@almanac/kernel";
import { amountOf, Badge, Button, Card, InputField, LineChart } from "@almanac/ui";
import { Form, useLoaderData } from "@remix-run/react";
import { formState, useOutcome, type Outcome } from "../outcome.ts";
import { Act, useBusy } from "../parts/forms/act.tsx";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { titled } from "../parts/frame/titled.ts";
import { VariantFields } from "../parts/products/variant-fields.tsx";
import { shortDay } from "../server/words/dates.ts";
import { largeUnits, typedQuantity, type Fields } from "../server/request/fields.ts";
import { farmAction, farmLoader } from "../server/request/handlers.ts";
import { dailyPrices } from "../server/prices/price-history.ts";
import { setPrice } from "../server/products/product-actions.ts";
import { productIdOf, publicViewOf, type FarmProduct } from "../server/products/products.ts";

export const loader = farmLoader(async ({ api, farm, params, now }) => {
  const product = await api.farmCatalog.products.get({ farmId: farm.id, productId: productIdOf(params) });
  const view = await publicViewOf(api, product);
  const today = now.toISOString().slice(0, 10);
  return {
    name: product.name,
    unit: largeUnits[product.baseUnit],
    isCounted: product.baseUnit === "piece",
    variants: product.variants.map((variant) => {
      const points = view?.priceHistory.find((history) => history.variantId === variant.id)?.points ?? [];
      const history = dailyPrices(points, { today, currentCents: variant.unitPriceCents });
      return {
        id: variant.id,
        name: variant.name,
        priceUnit: variant.priceUnit,
        isLive: variant.status === "live",
        isWeighed: variant.isWeighed,
        position: variant.position,
        unitPrice: formatCents(variant.unitPriceCents),
        estimate: formatCents(variant.estimateCents),
        per: typedQuantity(variant.unitPricePer, product.baseUnit),
        one: typedQuantity(variant.unitQuantityBase, product.baseUnit),
        history: history.map(({ day, cents }) => ({ label: shortDay(day), cents })),
        changes: history.filter(({ cents }, index) => index > 0 && cents !== history[index - 1]?.cents)
          .length,
      };
    }),
  };
});

export const action = farmAction({
  price: ({ api, farm, fields }) => setPrice(api, farm, parseId<VariantId>(fields.text("subject")), fields),
  save: async ({ api, farm, fields, params }) => {
    const productId = productIdOf(params);
    const product = await api.farmCatalog.products.get({ farmId: farm.id, productId });
    const variant = readVariant(fields, product);
    const subject = fields.text("subject");
    const stored = product.variants.find(({ id }) => id === subject);
    const place = stored
      ? { variantId: stored.id, position: stored.position }
      : { position: product.variants.length };
    await api.farmCatalog.variants.upsert({ farmId: farm.id, productId, ...place, ...variant });
    return { message: stored ? `${variant.name}: saved.` : `${variant.name}: added.` };
  },
  archive: async ({ api, farm, fields }) => {
    const subject = fields.text("subject");
    await api.farmCatalog.variants.archive({ farmId: farm.id, variantId: parseId<VariantId>(subject) });
    return {
      message: `${fields.text("name")} is no longer offered.`,
      undo: { label: "Undo", fields: { intent: "restore", subject, name: fields.text("name") } },
    };
  },
  restore: async ({ api, farm, fields }) => {
    await api.farmCatalog.variants.restore({
      farmId: farm.id,
      variantId: parseId<VariantId>(fields.text("subject")),
    });
    return { message: `${fields.text("name")} is offered again.` };
  },
});

function readVariant(fields: Fields, { baseUnit }: FarmProduct) {
  const variant = {
    name: fields.text("name", { required: "Say what one is called." }),
    priceUnit: fields.text("priceUnit", { required: "Say what the price is for." }),
    unitPriceCents: fields.cents("unitPriceCents"),
    unitPricePer: fields.quantity("unitPricePer", baseUnit),
    unitQuantityBase: fields.quantity("unitQuantityBase", baseUnit),
    isWeighed: fields.ticked("isWeighed"),
  };
  fields.done();
  return variant;
}

type View = Awaited<ReturnType<typeof loader>>;
type VariantView = View["variants"][number];

export const meta = titled("Prices");

export default function Prices() {
  const { name, unit, isCounted, variants } = useLoaderData<typeof loader>();
  const outcome = useOutcome();
  const offered = variants.filter(({ isLive }) => isLive);
  const past = variants.filter(({ isLive }) => !isLive);
  return (
    <>
      <OutcomeNotice done={{ created: "Created as a draft. Now say how it is sold, with a price." }} />
      {offered.map((variant) => (
        <VariantCard key={variant.id} {...{ variant, unit, isCounted, outcome }} />
      ))}
      <NewVariant key={variants.length} {...{ unit, isCounted, outcome }} isFirst={variants.length === 0} />
      {past.length > 0 && (
        <Card title="No longer offered" look="sunken">
          <ul className="plain-list">
            {past.map((variant) => (
              <li key={variant.id} className="cluster cluster--apart">
                <span>
                  {variant.name} · {variant.unitPrice} / {variant.priceUnit}
                </span>
                <Act
                  intent="restore"
                  subject={variant.id}
                  fields={{ name: variant.name }}
                  label="Offer again"
                  about={`Offer ${variant.name} of ${name} again`}
                />
              </li>
            ))}
          </ul>
        </Card>
      )}
    </>
  );
}

interface VariantCardProps {
  variant: VariantView;
  unit: string;
  isCounted: boolean;
  outcome: Outcome | undefined;
}

function VariantCard({ variant, unit, isCounted, outcome }: VariantCardProps) {
  const price = formState(outcome, "price", variant.id);
  const edit = formState(outcome, "save", variant.id);
  const busy = useBusy("price");
  return (
    <Card title={variant.name} aside={variant.isWeighed ? <Badge icon="scale">weighed</Badge> : undefined}>
      <div className="beside beside--even">
        <div className="stack">
          <p>
            <span className="big-figure">{variant.unitPrice}</span>{" "}
            <span className="soft">/ {variant.priceUnit}</span>
            {variant.isWeighed && <span className="soft small"> · about {variant.estimate} for one</span>}
          </p>
          <Form method="post" className="field-row" preventScrollReset key={variant.unitPrice}>
            <input type="hidden" name="intent" value="price" />
            <input type="hidden" name="subject" value={variant.id} />
            <InputField
              label="New price"
              {...price.field("unitPriceCents", variant.unitPrice)}
              inputMode="decimal"
              numeric
              short
              required
              suffix={`/ ${variant.priceUnit}`}
            />
            <InputField
              label="Reason"
              optional
              name="reason"
              maxLength={200}
              defaultValue={price.value("reason")}
            />
            <Button type="submit" busy={busy}>
              Set the price
            </Button>
          </Form>
          <details className="fold" open={edit.refused}>
            <summary>Change how it is sold</summary>
            <Form method="post" className="stack fold__body" preventScrollReset>
              <input type="hidden" name="intent" value="save" />
              <input type="hidden" name="subject" value={variant.id} />
              <VariantFields form={edit} unit={unit} isCounted={isCounted} stored={variant} />
              <div className="cluster">
                <Button type="submit">Save</Button>
              </div>
            </Form>
            <Act
              intent="archive"
              subject={variant.id}
              fields={{ name: variant.name }}
              label="Stop offering this"
              tone="quiet"
              icon="trash"
            />
          </details>
        </div>
        <PriceHistory variant={variant} />
      </div>
    </Card>
  );
}

function PriceHistory({ variant }: { variant: VariantView }) {
  if (variant.history.length < 2) {
    return <p className="soft small">The plot of its price begins once it is on sale.</p>;
  }
  return (
    <LineChart
      title="Price, last 90 days"
      summary={
        variant.changes === 0
          ? "It did not change."
          : `It changed ${variant.changes === 1 ? "once" : `${variant.changes} times`}.`
      }
      labelHeader="Day"
      labels={variant.history.map(({ label }) => label)}
      series={[{ label: "Price", values: variant.history.map(({ cents }) => cents) }]}
      format={(cents) => amountOf(cents)}
      headingLevel={3}
    />
  );
}

function NewVariant({
  unit,
  isCounted,
  outcome,
  isFirst,
}: Omit<VariantCardProps, "variant"> & { isFirst: boolean }) {
  const form = formState(outcome?.subject ? undefined : outcome, "save");
  const busy = useBusy("save");
  return (
    <details className="fold card" open={isFirst || form.refused}>
      <summary>{isFirst ? "How is it sold?" : "Another way to sell it"}</summary>
      <Form method="post" className="stack fold__body" preventScrollReset>
        <input type="hidden" name="intent" value="save" />
        <VariantFields form={form} unit={unit} isCounted={isCounted} />
        <div>
          <Button type="submit" busy={busy}>
            Add it
          </Button>
        </div>
      </Form>
    </details>
  );
}
