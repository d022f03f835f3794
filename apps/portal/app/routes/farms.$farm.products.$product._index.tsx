import { Button, Card } from "@almanac/ui";
import { Form, useLoaderData } from "@remix-run/react";
import { formState, useOutcome } from "../outcome.ts";
import { Act, useBusy } from "../parts/forms/act.tsx";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { PhotoForm } from "../parts/products/photo-form.tsx";
import { ProductFields } from "../parts/products/product-fields.tsx";
import { largeUnits, typedQuantity } from "../server/request/fields.ts";
import { farmAction, farmLoader } from "../server/request/handlers.ts";
import { removePhoto, uploadPhoto } from "../server/products/photos.ts";
import { readProduct, setStatus } from "../server/products/product-actions.ts";
import { pictureOf, productIdOf } from "../server/products/products.ts";

export const loader = farmLoader(async ({ api, farm, params }) => {
  const product = await api.farmCatalog.products.get({ farmId: farm.id, productId: productIdOf(params) });
  const { id, slug, name, status, description, storageTips, crop, picture, baseUnit } = product;
  return {
    id,
    slug,
    name,
    status,
    canSell: product.variants.some((variant) => variant.status === "live"),
    look: pictureOf(product),
    categories: await api.categories.list(),
    stored: {
      name,
      description,
      storageTips,
      crop,
      picture,
      category: product.category.slug,
      isOrganic: product.isOrganic,
      snapEligible: product.snapEligible,
      isReplenishable: product.isReplenishable,
      lowStock: typedQuantity(product.lowStockBase, baseUnit),
      shelfLife: product.shelfLifeDays?.toString() ?? "",
      unit: largeUnits[baseUnit],
    },
  };
});

export const action = farmAction({
  update: async ({ api, farm, fields, params }) => {
    const productId = productIdOf(params);
    const { baseUnit } = await api.farmCatalog.products.get({ farmId: farm.id, productId });
    const edit = readProduct(fields);
    const lowStockBase = fields.quantity("lowStock", baseUnit);
    fields.done();
    await api.farmCatalog.products.update({ farmId: farm.id, productId, ...edit, lowStockBase });
    return { message: "Saved." };
  },
  status: ({ api, farm, fields, params }) => setStatus(api, farm, productIdOf(params), fields),
  photo: ({ api, farm, fields, params }) => uploadPhoto(api, farm, fields, productIdOf(params)),
  removePhoto: ({ api, farm, params }) => removePhoto(api, farm, productIdOf(params)),
});

export default function ProductDetails() {
  const { id, slug, name, status, canSell, look, categories, stored } = useLoaderData<typeof loader>();
  const form = formState(useOutcome(), "update");
  const busy = useBusy("update");
  const to = (next: string, label: string, tone: "primary" | "secondary" | "quiet" = "secondary") => (
    <Act
      intent="status"
      subject={id}
      fields={{ status: next, name }}
      label={label}
      tone={tone}
      size="medium"
    />
  );
  return (
    <>
      <OutcomeNotice />
      <div className="beside">
        <Form method="post" className="stack form-column" preventScrollReset>
          <input type="hidden" name="intent" value="update" />
          <ProductFields form={form} categories={categories} stored={stored} />
          <div>
            <Button type="submit" busy={busy}>
              Save
            </Button>
          </div>
        </Form>
        <div className="stack">
          <Card title="On sale?">
            <div className="cluster">
              {status !== "live" && canSell && to("live", "Put on sale", "primary")}
              {status === "live" && to("hidden", "Hide from shoppers")}
              {status !== "archived" && status !== "live" && to("archived", "Archive", "quiet")}
              {status === "archived" && to("hidden", "Take out of the archive")}
            </div>
            {status === "live" ? (
              <p className="small">
                <a href={`/products/${slug}`}>See it as shoppers do</a>
              </p>
            ) : (
              !canSell && <p className="small soft">First say under Prices how it is sold.</p>
            )}
          </Card>
          <Card title="Photo">
            <PhotoForm name={name} {...look} />
          </Card>
        </div>
      </div>
    </>
  );
}
