import { Button, Checkbox, InputField, PageHead, TextareaField } from "@almanac/ui";
import { redirect } from "@remix-run/node";
import { Form, useLoaderData } from "@remix-run/react";
import { formState, useOutcome } from "../outcome.ts";
import { useBusy } from "../parts/forms/act.tsx";
import { BackLink, OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { titled } from "../parts/frame/titled.ts";
import { marketAction, marketLoader } from "../server/request/handlers.ts";

export const loader = marketLoader(async ({ market: { slug, latitude, longitude } }) => ({
  slug,
  latitude,
  longitude,
}));

export const action = marketAction({
  create: async ({ api, market, fields }) => {
    const ownerEmail = fields.optional("ownerEmail");
    const farm = {
      name: fields.text("name", { required: "A farm has a name." }),
      town: fields.text("town"),
      story: fields.text("story"),
      stall: fields.text("stall"),
      latitude: fields.decimal("latitude", { min: -90, max: 90 }),
      longitude: fields.decimal("longitude", { min: -180, max: 180 }),
      isOrganic: fields.ticked("isOrganic"),
      acceptsSnap: fields.ticked("acceptsSnap"),
      ...(ownerEmail && { ownerEmail }),
    };
    fields.done();
    await api.marketDesk.createFarm({ marketId: market.id, ...farm });
    return redirect(`/markets/${market.slug}/farms?done=created`);
  },
});

export const meta = titled("New farm");

export default function NewFarm() {
  const { slug, latitude, longitude } = useLoaderData<typeof loader>();
  const form = formState(useOutcome(), "create");
  const busy = useBusy("create");
  const field = (name: string, stored?: string | number) => ({
    name,
    defaultValue: form.value(name, stored),
    error: form.problem(name),
  });
  return (
    <>
      <PageHead
        title="New farm"
        actions={<BackLink href={`/portal/markets/${slug}/farms`}>Farms</BackLink>}
      />
      <OutcomeNotice />
      <Form method="post" className="stack form-column">
        <input type="hidden" name="intent" value="create" />
        <InputField label="Name" required maxLength={120} {...field("name")} />
        <InputField label="Town" optional maxLength={120} {...field("town")} />
        <InputField label="Stall" optional short maxLength={60} {...field("stall")} />
        <div className="field-row">
          <InputField
            label="Latitude"
            numeric
            short
            inputMode="decimal"
            required
            {...field("latitude", latitude)}
          />
          <InputField
            label="Longitude"
            numeric
            short
            inputMode="decimal"
            required
            {...field("longitude", longitude)}
          />
        </div>
        <InputField
          label="Owner's e-mail"
          optional
          type="email"
          hint="An account that is there already. You can hand the farm over later, too."
          {...field("ownerEmail")}
        />
        <TextareaField label="Story" optional maxLength={4_000} {...field("story")} />
        <div>
          <Checkbox
            label="Certified organic"
            name="isOrganic"
            defaultChecked={form.checked("isOrganic", false)}
          />
          <Checkbox
            label="Takes SNAP"
            name="acceptsSnap"
            defaultChecked={form.checked("acceptsSnap", false)}
          />
        </div>
        <div>
          <Button type="submit" busy={busy}>
            Create it
          </Button>
        </div>
      </Form>
    </>
  );
}
