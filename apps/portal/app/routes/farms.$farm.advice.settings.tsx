import { formatCents } from "@almanac/kernel";
import { Button, Card, Fieldset, InputField, LinkButton, PageHead } from "@almanac/ui";
import { Form, useLoaderData } from "@remix-run/react";
import { formState, useOutcome } from "../outcome.ts";
import { Act, useBusy } from "../parts/forms/act.tsx";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { titled } from "../parts/frame/titled.ts";
import { accuracyWords } from "../server/advice/advice-accuracy.ts";
import type { Fields } from "../server/request/fields.ts";
import { farmAction, farmLoader } from "../server/request/handlers.ts";

const kinds: Readonly<Record<string, string>> = {
  BRING_TO_MARKET: "what to bring",
  HARVEST_MORE: "harvesting more",
  HARVEST_LESS: "harvesting less",
  RESTOCK: "restocking",
  MARK_DOWN: "lower prices",
  REALLOCATE: "moving between markets",
  DONATE: "giving away",
  PLANT: "planting more",
  STOP_SELLING: "taking off the list",
};

export const loader = farmLoader(async ({ api, farm, now }) => {
  const [settings, { accepted, answered }, accuracy] = await Promise.all([
    api.advice.settings({ farmId: farm.id }),
    api.advice.relevance({ farmId: farm.id }),
    api.advice.accuracy({ farmId: farm.id }),
  ]);
  return {
    home: `/portal/farms/${farm.slug}`,
    crateKilos: settings.crateGrams / 1_000,
    crateLitres: settings.crateMillilitres / 1_000,
    cratePieces: settings.cratePieces,
    vanCrates: settings.vanCrates,
    labourHours: settings.labourMinutes === null ? null : settings.labourMinutes / 60,
    minutesPerCrate: settings.minutesPerCrate,
    closedDays: settings.closedDays.filter((day) => day >= now.toISOString().slice(0, 10)).toSorted(),
    cost: settings.costBasisPoints / 100,
    salvage: settings.salvageBasisPoints / 100,
    taken:
      answered === 0
        ? "Nothing was answered in the last 90 days."
        : `You took ${accepted} of the ${answered} pieces of advice that you answered in the last 90 days, ${Math.round((100 * accepted) / answered)}\u00a0%.`,
    accuracy: accuracyWords(accuracy),
    learned: settings.leastGainCents.map(({ type, cents }) => `${kinds[type]}: from ${formatCents(cents)}`),
  };
});

export const action = farmAction({
  save: async ({ api, farm, fields }) => {
    const change = {
      crateGrams: Math.round(1_000 * fields.decimal("crateKilos", { min: 0.1, max: 1_000 })),
      crateMillilitres: Math.round(1_000 * fields.decimal("crateLitres", { min: 0.1, max: 1_000 })),
      cratePieces: fields.whole("cratePieces", { min: 1, max: 10_000 }),
      vanCrates: fields.text("vanCrates") === "" ? null : fields.whole("vanCrates", { min: 1, max: 10_000 }),
      labourMinutes:
        fields.text("labourHours") === ""
          ? null
          : Math.round(60 * fields.decimal("labourHours", { min: 0, max: 1_000 })),
      minutesPerCrate: fields.whole("minutesPerCrate", { min: 1, max: 600 }),
      closedDays: daysOf(fields),
      costBasisPoints: Math.round(100 * fields.decimal("cost", { min: 0, max: 200 })),
      salvageBasisPoints: Math.round(100 * fields.decimal("salvage", { min: 0, max: 100 })),
    };
    fields.done();
    await api.advice.saveSettings({ farmId: farm.id, ...change });
    return { message: "Kept. The advice is worked out by it." };
  },
  forget: async ({ api, farm }) => {
    await api.advice.saveSettings({ farmId: farm.id, forgetThresholds: true });
    return { message: "Forgotten. All advice is given again, however little it earns." };
  },
});

/** The days of all its fields, each once; those that were left empty are none. */
function daysOf(fields: Fields): string[] {
  const days = [...new Set(fields.all("closedDays").filter(Boolean))];
  const isDay = (day: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day));
  if (days.length > 100 || !days.every(isDay)) fields.wrong("closedDays", "At most 100 days.");
  return days;
}

/** Two more than there are, so that one can go on without a script. */
function ClosedDays({ days, problem }: { days: readonly string[]; problem: string | undefined }) {
  return (
    <Fieldset
      key={days.join()}
      legend="Market days you stay at home"
      hint="Nothing is advised for them. Empty one to be there again."
    >
      <div className="field-row">
        {[...days, "", ""].map((day, index) => (
          <InputField
            key={day || `empty ${index}`}
            label={`Day ${index + 1}`}
            optional
            type="date"
            name="closedDays"
            defaultValue={day}
            error={index === 0 ? problem : undefined}
          />
        ))}
      </div>
    </Fieldset>
  );
}

export const meta = titled("Crates, van and costs");

/** What advice is reckoned with: crates, the van, costs where none are known, and what was learned from a no. */
export default function AdviceSettings() {
  const { home, learned, taken, accuracy, closedDays, ...stored } = useLoaderData<typeof loader>();
  const form = formState(useOutcome(), "save");
  const busy = useBusy("save");
  const field = (name: keyof typeof stored) => ({
    name,
    numeric: true,
    short: true,
    autoComplete: "off",
    defaultValue: form.value(name, stored[name]),
    error: form.problem(name),
  });
  return (
    <>
      <PageHead
        title="Crates, van and costs"
        lead="What the advice is reckoned with. Nobody else sees it."
        actions={
          <LinkButton href={`${home}/advice`} tone="secondary">
            To the advice
          </LinkButton>
        }
      />
      <OutcomeNotice />
      <div className="two-up">
        <Card title="What fits">
          <Form method="post" className="stack">
            <input type="hidden" name="intent" value="save" />
            <InputField
              label="One crate by weight"
              suffix="kg"
              inputMode="decimal"
              required
              {...field("crateKilos")}
            />
            <InputField
              label="One crate by volume"
              suffix="l"
              inputMode="decimal"
              required
              {...field("crateLitres")}
            />
            <InputField
              label="One crate of pieces"
              suffix="pieces"
              inputMode="numeric"
              required
              {...field("cratePieces")}
            />
            <InputField
              label="The van takes"
              optional
              suffix="crates"
              inputMode="numeric"
              hint="Leave it empty when everything fits."
              {...field("vanCrates")}
            />
            <InputField
              label="Time to pick and pack for a market day"
              optional
              suffix="hours"
              inputMode="decimal"
              hint="Leave it empty when there is always enough."
              {...field("labourHours")}
            />
            <InputField
              label="One crate takes"
              suffix="minutes"
              inputMode="numeric"
              required
              {...field("minutesPerCrate")}
            />
            <ClosedDays days={closedDays} problem={form.problem("closedDays")} />
            <InputField
              label="Cost where you have not said one"
              suffix="% of the price"
              inputMode="decimal"
              hint={`What each product costs you is said under Prices.`}
              required
              {...field("cost")}
            />
            <InputField
              label="Worth of what is not sold"
              suffix="% of the cost"
              inputMode="decimal"
              required
              {...field("salvage")}
            />
            <Button type="submit" busy={busy}>
              Keep
            </Button>
          </Form>
        </Card>
        <Card title="How near the advice came">
          <p>{accuracy}</p>
        </Card>
        <Card title="Learned from your answers">
          <p>{taken}</p>
          {learned.length === 0 ? (
            <p>
              Nothing yet. When you turn something down as too much work, such advice has to promise more the
              next time.
            </p>
          ) : (
            <>
              <ul>
                {learned.map((text) => (
                  <li key={text}>{text}</li>
                ))}
              </ul>
              <Act intent="forget" label="Forget it" icon="undo" />
            </>
          )}
        </Card>
      </div>
    </>
  );
}
