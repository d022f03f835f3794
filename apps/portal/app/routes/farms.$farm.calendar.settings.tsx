import { baseUnits, parseId } from "@almanac/kernel";
import { Button, Card, InputField, LinkButton, Notice, PageHead, SelectField } from "@almanac/ui";
import { Form, useLoaderData } from "@remix-run/react";
import { formState, useOutcome } from "../outcome.ts";
import { Act, AskFirst, useBusy } from "../parts/forms/act.tsx";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { SecretOnce } from "../parts/forms/secret-once.tsx";
import { titled } from "../parts/frame/titled.ts";
import { momentAt } from "../server/words/dates.ts";
import { farmAction, farmLoader } from "../server/request/handlers.ts";
import { monthDayInWords } from "../server/words/month-days.ts";
import type { Api } from "../server/request/person.ts";

type FeedId = Parameters<Api["growing"]["feeds"]["revoke"]>[0]["feedId"];

export const loader = farmLoader(async ({ api, farm, timeZone, now }) => {
  const [place, { crops, products }, feeds, zone] = await Promise.all([
    api.growing.place.get({ farmId: farm.id }),
    api.growing.crops.list({ farmId: farm.id }),
    api.growing.feeds.list({ farmId: farm.id }),
    timeZone(),
  ]);
  const grown = new Set(products.map(({ crop }) => crop));
  return {
    home: `/portal/farms/${farm.slug}/calendar`,
    place: {
      ...place,
      frosts: place.frosts && {
        lastFrost: monthDayInWords(place.frosts.lastFrost),
        firstFrost: monthDayInWords(place.frosts.firstFrost),
      },
    },
    crops: crops.filter(({ crop, isOwn }) => isOwn || grown.has(crop)),
    feeds: feeds.map(({ id, label, createdAt, lastReadAt }) => ({
      id,
      label: label || "Without a name",
      since: momentAt(createdAt, zone, now),
      read: lastReadAt ? `last read ${momentAt(lastReadAt, zone, now)}` : "never read yet",
    })),
  };
});

export const action = farmAction({
  place: async ({ api, farm, fields }) => {
    const day = (name: string): string | null => (fields.text(name) === "" ? null : fields.monthDay(name));
    const place = {
      lastFrost: day("lastFrost"),
      firstFrost: day("firstFrost"),
      bedMetres: fields.text("bedMetres") === "" ? 0 : fields.whole("bedMetres", { min: 0, max: 1_000_000 }),
    };
    fields.done();
    await api.growing.place.set({ farmId: farm.id, ...place });
    return { message: "Noted. Plans and windows follow it from now on." };
  },
  crop: async ({ api, farm, fields }) => {
    const { crops } = await api.growing.crops.list({ farmId: farm.id });
    const stored = crops.find(({ crop }) => crop === fields.text("subject"));
    const crop = {
      daysToMaturity: fields.whole("daysToMaturity", { min: 5, max: 400 }),
      daysInTrays: fields.whole("daysInTrays", { min: 0, max: 200 }),
      harvestDays: fields.whole("harvestDays", { min: 1, max: 300 }),
      germinationPercent: fields.decimal("germinationPercent", { min: 1, max: 100 }),
      spacingCm: fields.decimal("spacingCm", { min: 0.5, max: 500 }),
      rowsPerBed: fields.whole("rowsPerBed", { min: 1, max: 30 }),
      yieldBasePerPlant: fields.decimal("yieldBasePerPlant", { min: 0.001, max: 100_000 }),
      baseUnit: fields.oneOf("baseUnit", baseUnits),
    };
    if (!stored) fields.wrong("subject", "This crop is not known.");
    fields.done();
    const { isOwn: _isOwn, name, ...rest } = stored!;
    await api.growing.crops.set({ farmId: farm.id, crop: { ...rest, ...crop } });
    return { message: `${name}: your own figures hold from now on.` };
  },
  reset: async ({ api, farm, fields }) => {
    await api.growing.crops.reset({ farmId: farm.id, crop: fields.text("subject") });
    return { message: "Back to the usual figures." };
  },
  subscribe: async ({ api, farm, fields, url }) => {
    const { token } = await api.growing.feeds.create({ farmId: farm.id, label: fields.text("label") });
    return {
      message: "Add this address to your calendar as a subscription. It is shown this once.",
      secret: `${url.origin}/api/calendar/${token}.ics`,
    };
  },
  revoke: async ({ api, farm, fields }) => {
    await api.growing.feeds.revoke({ farmId: farm.id, feedId: parseId<FeedId>(fields.text("subject")) });
    return { message: "Revoked: the address answers nothing from now on." };
  },
});

type View = Awaited<ReturnType<typeof loader>>;

export const meta = titled("Beds, frosts, subscribe");

/** Where the farm grows, how its crops do, and who may read its calendar. */
export default function GrowingSettings() {
  const { home, place, crops, feeds } = useLoaderData<typeof loader>();
  const outcome = useOutcome();
  return (
    <>
      <PageHead
        title="Beds, frosts, subscribe"
        lead="What plans are made from, and your calendar on your own telephone."
        actions={
          <LinkButton href={home} tone="secondary">
            To the calendar
          </LinkButton>
        }
      />
      <OutcomeNotice />
      {outcome?.secret && (
        <Notice tone="good" title="The address of your calendar">
          <SecretOnce secret={outcome.secret} />
        </Notice>
      )}
      <div className="two-up">
        <PlaceForm place={place} />
        <Feeds feeds={feeds} />
      </div>
      <section className="stack">
        <h2>How your crops grow</h2>
        <p className="soft small">
          Ordinary figures to start with: germination by 7 CFR 201.31, yields and spacing after the planting
          chart of the University of Maine’s extension service, days to maturity from the middle of what
          extension guides give. You know better: yours hold wherever you write them.
        </p>
        {crops.length === 0 && (
          <p>
            None of your products says what crop it is.{" "}
            <a href={`${home}/products`}>Fill it in with your products</a>, and how it grows stands here.
          </p>
        )}
        <div className="crop-folds">
          {crops.map((crop) => (
            <CropForm key={crop.crop} crop={crop} />
          ))}
        </div>
      </section>
    </>
  );
}

function PlaceForm({ place }: { place: View["place"] }) {
  const form = formState(useOutcome(), "place");
  const busy = useBusy("place");
  const own = place.isOwn ? place.frosts : null;
  return (
    <Card title="Your place">
      <Form method="post" className="stack" preventScrollReset key={JSON.stringify(place)}>
        <input type="hidden" name="intent" value="place" />
        <p className="small soft">
          {place.frosts && !place.isOwn
            ? `From your latitude alone, frosts end about ${place.frosts.lastFrost} and begin about ${place.frosts.firstFrost}. Hills and the sea move that by weeks.`
            : place.frosts
              ? "These are your own days."
              : "At your latitude there is no frost in the lowlands."}
        </p>
        <div className="field-row">
          <InputField
            label="Last frost of spring"
            placeholder={place.frosts?.lastFrost ?? "10 May"}
            short
            {...form.field("lastFrost", own?.lastFrost)}
          />
          <InputField
            label="First frost of autumn"
            placeholder={place.frosts?.firstFrost ?? "1 October"}
            short
            {...form.field("firstFrost", own?.firstFrost)}
          />
          <InputField
            label="Metres of bed"
            inputMode="numeric"
            numeric
            short
            hint="0: no limit"
            {...form.field("bedMetres", place.bedMetres)}
          />
        </div>
        <div>
          <Button type="submit" busy={busy}>
            Save
          </Button>
        </div>
      </Form>
    </Card>
  );
}

function Feeds({ feeds }: { feeds: View["feeds"] }) {
  const busy = useBusy("subscribe");
  return (
    <Card title="In your own calendar">
      <p className="small soft">
        Whoever has an address can read this calendar, and nothing else. Make one for each device, and revoke
        it when the device is gone.
      </p>
      {feeds.length > 0 && (
        <ul className="plain-list">
          {feeds.map(({ id, label, since, read }) => (
            <li key={id} className="cluster cluster--apart">
              <span>
                {label}
                <span className="small soft">
                  {" "}
                  · since {since}, {read}
                </span>
              </span>
              <AskFirst
                label="Revoke"
                about={`Revoke ${label}`}
                question="Calendars with this address go empty."
              >
                <Act intent="revoke" subject={id} label="Revoke it" tone="warm" />
              </AskFirst>
            </li>
          ))}
        </ul>
      )}
      <Form method="post" className="field-row" preventScrollReset key={feeds.length}>
        <input type="hidden" name="intent" value="subscribe" />
        <InputField label="For" name="label" maxLength={80} placeholder="My telephone" />
        <Button type="submit" busy={busy} icon="plus">
          Make an address
        </Button>
      </Form>
    </Card>
  );
}

const fieldsOf = [
  ["daysToMaturity", "Days to first harvest"],
  ["daysInTrays", "Of them in trays"],
  ["harvestDays", "Days of harvest"],
  ["germinationPercent", "Germination, %"],
  ["spacingCm", "Spacing, cm"],
  ["rowsPerBed", "Rows a bed"],
  ["yieldBasePerPlant", "Yield a plant"],
] as const;

function CropForm({ crop }: { crop: View["crops"][number] }) {
  const form = formState(useOutcome(), "crop", crop.crop);
  return (
    <details className="fold crop-fold" open={form.refused}>
      <summary>
        {crop.name}
        <span className="soft small">
          {" "}
          · {crop.daysToMaturity} days, {crop.germinationPercent}&nbsp;% come up
          {crop.isOwn ? ", your own figures" : ""}
        </span>
      </summary>
      <div className="fold__body stack">
        <Form method="post" className="stack" preventScrollReset key={JSON.stringify(crop)}>
          <input type="hidden" name="intent" value="crop" />
          <input type="hidden" name="subject" value={crop.crop} />
          <div className="field-row">
            {fieldsOf.map(([name, label]) => (
              <InputField
                key={name}
                label={label}
                inputMode="decimal"
                numeric
                short
                required
                {...form.field(name, crop[name])}
              />
            ))}
            <SelectField
              label="counted in"
              hint="As you sell it."
              {...form.field("baseUnit", crop.baseUnit)}
              options={[
                { value: "g", label: "grams" },
                { value: "piece", label: "pieces, bunches, heads" },
                { value: "ml", label: "millilitres" },
              ]}
            />
          </div>
          <div>
            <Button type="submit">Save</Button>
          </div>
        </Form>
        {crop.isOwn && (
          <Act
            intent="reset"
            subject={crop.crop}
            label="Back to the usual figures"
            tone="quiet"
            icon="undo"
          />
        )}
      </div>
    </details>
  );
}
