import { Button, Card, Checkbox, InputField, PageHead, TextareaField, isPictureName } from "@almanac/ui";
import { Form, useLoaderData } from "@remix-run/react";
import { formState, useOutcome } from "../outcome.ts";
import { useBusy } from "../parts/forms/act.tsx";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { PhotoForm } from "../parts/products/photo-form.tsx";
import { titled } from "../parts/frame/titled.ts";
import { farmAction, farmLoader } from "../server/request/handlers.ts";
import { removePhoto, uploadPhoto } from "../server/products/photos.ts";
import { photoOf } from "../server/products/products.ts";

/** Degrees to five places, about a metre: what is behind them is how numbers are kept. */
const toTheMetre = (degrees: number): number => Number(degrees.toFixed(5));

export const loader = farmLoader(async ({ api, farm }) => {
  const profile = await api.farmCatalog.profile.get({ farmId: farm.id });
  const {
    name,
    story,
    town,
    latitude,
    longitude,
    isOrganic,
    acceptsSnap,
    image,
    picture,
    stalls,
    followers,
    slug,
  } = profile;
  return {
    profile: { name, story, town, latitude, longitude, isOrganic, acceptsSnap, slug },
    photo: image ? photoOf(image) : null,
    picture: isPictureName(picture) ? picture : ("basket" as const),
    followers,
    stalls: stalls.map((stall) => ({
      id: stall.marketId,
      text: `${stall.marketName}${stall.stall ? `, ${stall.stall}` : ""}`,
    })),
  };
});

export const action = farmAction({
  update: async ({ api, farm, fields }) => {
    const profile = {
      name: fields.text("name", { required: "A farm has a name." }),
      story: fields.text("story"),
      town: fields.text("town"),
      latitude: fields.decimal("latitude", { min: -90, max: 90 }),
      longitude: fields.decimal("longitude", { min: -180, max: 180 }),
      isOrganic: fields.ticked("isOrganic"),
      acceptsSnap: fields.ticked("acceptsSnap"),
    };
    fields.done();
    await api.farmCatalog.profile.update({ farmId: farm.id, ...profile });
    return { message: "Saved." };
  },
  photo: ({ api, farm, fields }) => uploadPhoto(api, farm, fields),
  removePhoto: ({ api, farm }) => removePhoto(api, farm),
});

export const meta = titled("Your farm");

export default function FarmProfile() {
  const { profile, photo, picture, followers, stalls } = useLoaderData<typeof loader>();
  const form = formState(useOutcome(), "update");
  const busy = useBusy("update");
  return (
    <>
      <PageHead
        title="Your farm"
        lead={`${followers} ${followers === 1 ? "person follows" : "people follow"} you.`}
        actions={<a href={`/farms/${profile.slug}`}>See it as shoppers do</a>}
      />
      <OutcomeNotice />
      <div className="beside">
        <Form method="post" className="stack form-column" preventScrollReset>
          <input type="hidden" name="intent" value="update" />
          <InputField label="Name" {...form.field("name", profile.name)} required maxLength={120} />
          <TextareaField
            label="Your story"
            optional
            {...form.field("story", profile.story)}
            maxLength={4_000}
            rows={8}
            hint="Who you are and how you grow. Shoppers read it on your page."
          />
          <InputField label="Town" optional {...form.field("town", profile.town)} maxLength={120} />
          <div className="field-row">
            <InputField
              label="Latitude"
              {...form.field("latitude", toTheMetre(profile.latitude))}
              inputMode="decimal"
              numeric
              short
              required
            />
            <InputField
              label="Longitude"
              {...form.field("longitude", toTheMetre(profile.longitude))}
              inputMode="decimal"
              numeric
              short
              required
            />
          </div>
          <div>
            <Checkbox
              label="Certified organic"
              name="isOrganic"
              defaultChecked={form.checked("isOrganic", profile.isOrganic)}
            />
            <Checkbox
              label="Takes SNAP"
              name="acceptsSnap"
              defaultChecked={form.checked("acceptsSnap", profile.acceptsSnap)}
            />
          </div>
          <div>
            <Button type="submit" busy={busy}>
              Save
            </Button>
          </div>
        </Form>
        <div className="stack">
          <Card title="Photo">
            <PhotoForm name={profile.name} picture={picture} photo={photo} />
          </Card>
          <Card title="Your stalls">
            <ul className="plain-list">
              {stalls.map((stall) => (
                <li key={stall.id}>{stall.text}</li>
              ))}
            </ul>
            {stalls.length === 0 && <p className="soft">No market has given you a stall yet.</p>}
          </Card>
        </div>
      </div>
    </>
  );
}
