import { formatQuantity } from "@almanac/kernel";
import { Anchor, Button, Card, Checkbox, InputField, Table } from "@almanac/ui";
import { Form, useLoaderData } from "@remix-run/react";
import { formState, useOutcome } from "../outcome.ts";
import { useBusy } from "../parts/forms/act.tsx";
import { NotOnSale } from "../parts/products/not-on-sale.tsx";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { titled } from "../parts/frame/titled.ts";
import { shortDay } from "../server/words/dates.ts";
import { largeUnits } from "../server/request/fields.ts";
import { farmAction, farmLoader } from "../server/request/handlers.ts";
import { setStatus } from "../server/products/product-actions.ts";
import { productIdOf } from "../server/products/products.ts";

export const loader = farmLoader(async ({ api, farm, params, now }) => {
  const productId = productIdOf(params);
  const product = await api.farmCatalog.products.get({ farmId: farm.id, productId });
  const lots = await api.farmCatalog.lots.list({ farmId: farm.id, productId });
  return {
    stock: `/portal/farms/${farm.slug}/stock/${productId}`,
    unit: largeUnits[product.baseUnit],
    product: {
      productId,
      name: product.name,
      status: product.status,
      canSell: product.variants.some((variant) => variant.status === "live"),
    },
    newKey: crypto.randomUUID(),
    today: now.toISOString().slice(0, 10),
    lots: lots.map((lot) => ({
      id: lot.id,
      code: lot.code,
      harvestedOn: shortDay(lot.harvestedOn),
      bestBefore: lot.bestBefore ? shortDay(lot.bestBefore) : "–",
      quantity: formatQuantity(lot.quantityBase, product.baseUnit),
      note: lot.note,
    })),
  };
});

export const action = farmAction({
  status: ({ api, farm, fields, params }) => setStatus(api, farm, productIdOf(params), fields),
  add: async ({ api, farm, fields, params }) => {
    const productId = productIdOf(params);
    const { baseUnit, name } = await api.farmCatalog.products.get({ farmId: farm.id, productId });
    const code = fields.optional("code");
    const bestBefore = fields.optional("bestBefore");
    const note = fields.optional("note");
    const lot = {
      harvestedOn: fields.text("harvestedOn", { required: "Say when it was harvested." }),
      quantityBase: fields.quantity("quantity", baseUnit),
      ...(code && { code }),
      ...(bestBefore && { bestBefore }),
      ...(note && { note }),
    };
    const intoStock = fields.ticked("intoStock") && lot.quantityBase > 0;
    const idempotencyKey = fields.text("key", { required: "Open the page again." });
    fields.done();
    const made = await api.farmCatalog.lots.add({ farmId: farm.id, productId, ...lot });
    if (intoStock) {
      await api.farmStock.record({
        farmId: farm.id,
        productId,
        reason: "harvest",
        deltaBase: lot.quantityBase,
        lotId: made.lotId,
        note: note ?? "",
        idempotencyKey,
      });
    }
    return { message: `Lot ${made.code} of ${name} is logged${intoStock ? ", and in stock" : ""}.` };
  },
});

export const meta = titled("Lots");

export default function Lots() {
  const { unit, today, lots, stock, newKey, product } = useLoaderData<typeof loader>();
  const form = formState(useOutcome(), "add");
  const busy = useBusy("add");
  return (
    <>
      <OutcomeNotice />
      <NotOnSale {...product} />
      <div className="beside">
        <Table
          caption="Lots, the latest first"
          rows={lots}
          rowKey={({ id }) => id}
          empty="No lot yet. Log the first harvest."
          columns={[
            { key: "code", header: "Lot", rowHeader: true, cell: (lot) => lot.code },
            { key: "harvested", header: "Harvested", cell: (lot) => lot.harvestedOn },
            { key: "best", header: "Best before", cell: (lot) => lot.bestBefore },
            { key: "quantity", header: "Amount", numeric: true, cell: (lot) => lot.quantity },
            { key: "note", header: "Note", cell: (lot) => lot.note },
          ]}
        />
        <Card title="Log a harvest">
          <Form method="post" className="stack" key={lots.length} preventScrollReset>
            <input type="hidden" name="intent" value="add" />
            <input type="hidden" name="key" value={newKey} />
            <InputField label="Harvested on" type="date" {...form.field("harvestedOn", today)} required />
            <InputField
              label="Amount"
              {...form.field("quantity")}
              inputMode="decimal"
              numeric
              suffix={unit}
              required
            />
            <InputField
              label="Code"
              optional
              {...form.field("code")}
              maxLength={40}
              hint="Left empty, the day becomes the code."
            />
            <InputField label="Best before" optional type="date" {...form.field("bestBefore")} />
            <InputField label="Note" optional name="note" maxLength={200} defaultValue={form.value("note")} />
            <Checkbox
              label="Put it into stock, too"
              name="intoStock"
              defaultChecked={form.checked("intoStock", true)}
            />
            <Button type="submit" busy={busy}>
              Log it
            </Button>
          </Form>
          <p className="small soft">
            Stock moves by its <Anchor href={stock}>ledger</Anchor>.
          </p>
        </Card>
      </div>
    </>
  );
}
