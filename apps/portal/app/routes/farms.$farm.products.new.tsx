import { baseUnits } from "@almanac/kernel";
import { Button, PageHead, SelectField } from "@almanac/ui";
import { redirect } from "@remix-run/node";
import { Form, useLoaderData } from "@remix-run/react";
import { formState, useOutcome } from "../outcome.ts";
import { useBusy } from "../parts/forms/act.tsx";
import { BackLink, OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { ProductFields } from "../parts/products/product-fields.tsx";
import { titled } from "../parts/frame/titled.ts";
import { farmAction, farmLoader } from "../server/request/handlers.ts";
import { readProduct } from "../server/products/product-actions.ts";

export const loader = farmLoader(async ({ api, farm }) => ({
  farm,
  categories: await api.categories.list(),
}));

export const action = farmAction({
  create: async ({ api, farm, fields }) => {
    const product = readProduct(fields);
    const baseUnit = fields.oneOf("baseUnit", baseUnits);
    fields.done();
    const made = await api.farmCatalog.products.create({ farmId: farm.id, ...product, baseUnit });
    return redirect(`/farms/${farm.slug}/products/${made.id}/prices?done=created`);
  },
});

export const meta = titled("New product");

export default function NewProduct() {
  const { farm, categories } = useLoaderData<typeof loader>();
  const form = formState(useOutcome(), "create");
  const busy = useBusy("create");
  return (
    <>
      <PageHead
        title="New product"
        lead="It stays a draft until you say how it is sold and put it on sale."
        actions={<BackLink href={`/portal/farms/${farm.slug}/products`}>Products</BackLink>}
      />
      <OutcomeNotice />
      <Form method="post" className="stack form-column">
        <input type="hidden" name="intent" value="create" />
        <ProductFields form={form} categories={categories} />
        <SelectField
          label="Stock is counted in"
          {...form.field("baseUnit", "g")}
          hint="Bunches, jars and eggs are pieces. This cannot be changed later."

          options={[
            { value: "g", label: "weight (kilograms)" },
            { value: "piece", label: "pieces" },
            { value: "ml", label: "volume (litres)" },
          ]}
        />
        <div>
          <Button type="submit" busy={busy}>
            Create it
          </Button>
        </div>
      </Form>
    </>
  );
}
