import { Button, Card, Field, FormError, Input, InputField, PageHead, Select, Textarea } from "@almanac/ui";
import { redirect } from "@remix-run/node";
import { Form, useLoaderData } from "@remix-run/react";
import { formState, useOutcome } from "../outcome.ts";
import { useBusy } from "../parts/act.tsx";
import { armCount, readArms } from "../parts/arm-fields.ts";
import { adminAction, adminLoader } from "../server/handlers.ts";

export const loader = adminLoader(async ({ api }) => {
  const { all, bySurface } = await api.admin.experiments.metrics();
  const measured = all.filter(({ better }) => better === "higher");
  return { metrics: measured.map(({ key, name }) => ({ value: key, label: name })), bySurface };
});

export const action = adminAction({
  create: async ({ api, fields }) => {
    const plannedUnits = fields.optional("plannedUnits");
    const metrics = (await api.admin.experiments.metrics()).all.map(({ key }) => key);
    const draft = {
      key: fields.text("key", { required: "A short key, such as search-season." }),
      name: fields.text("name", { required: "Say what is tried." }),
      hypothesis: fields.text("hypothesis"),
      surface: fields.oneOf("surface", ["search", "recommendations"] as const),
      primaryMetric: fields.oneOf("primaryMetric", metrics),
      rollout: fields.decimal("rollout", { min: 0, max: 100 }) / 100,
      arms: readArms(fields),
      ...(plannedUnits && { plannedUnits: fields.whole("plannedUnits", { min: 200, max: 10_000_000 }) }),
    };
    fields.done();
    const { id } = await api.admin.experiments.create(draft);
    return redirect(`/admin/experiments/${id}`);
  },
});

const suggested = [
  { key: "control", name: "As it is", share: "50" },
  { key: "challenger", name: "", share: "50" },
  { key: "", name: "", share: "" },
];

export default function NewExperiment() {
  const { metrics } = useLoaderData<typeof loader>();
  const outcome = useOutcome();
  const form = formState(outcome, "create");
  const busy = useBusy("create");
  return (
    <>
      <PageHead title="New experiment" lead="It changes nothing for anybody until it is started." />
      <Card>
        <Form method="post" className="stack" preventScrollReset>
          <input type="hidden" name="intent" value="create" />
          {form.refused && <FormError title={outcome?.message ?? ""} />}
          <div className="field-row">
            <InputField
              label="What is tried?"
              name="name"
              required
              maxLength={120}
              placeholder="More weight on the season"
              defaultValue={form.value("name")}
              error={form.problem("name")}
            />
            <InputField
              label="Key"
              name="key"
              required
              maxLength={60}
              pattern="[a-z][a-z0-9\-]*"
              placeholder="search-season"
              hint="Lower-case letters, digits and hyphens. Shoppers are dealt by it."
              defaultValue={form.value("key")}
              error={form.problem("key")}
            />
          </div>
          <Field label="What do you expect?" optional error={form.problem("hypothesis")}>
            {(control) => (
              <Textarea {...control} name="hypothesis" rows={2} defaultValue={form.value("hypothesis")} />
            )}
          </Field>
          <div className="field-row">
            <Field label="Where" error={form.problem("surface")}>
              {(control) => (
                <Select
                  {...control}
                  name="surface"
                  defaultValue={form.value("surface", "search")}
                  options={[
                    { value: "search", label: "Search" },
                    { value: "recommendations", label: "Recommendations" },
                  ]}
                />
              )}
            </Field>
            <Field label="Decided by" error={form.problem("primaryMetric")}>
              {(control) => (
                <Select
                  {...control}
                  name="primaryMetric"
                  defaultValue={form.value("primaryMetric", "search_ctr")}
                  options={metrics}
                />
              )}
            </Field>
          </div>
          <div className="field-row">
            <InputField
              label="Shoppers who may take part, %"
              name="rollout"
              inputMode="decimal"
              required
              hint="5, 25, 50, 100: raising it moves nobody between arms."
              defaultValue={form.value("rollout", "100")}
              error={form.problem("rollout")}
            />
            <InputField
              label="Planned shoppers"
              optional
              name="plannedUnits"
              inputMode="numeric"
              hint="With a plan it decides sooner, and ends there. Without, it can go on for ever."
              defaultValue={form.value("plannedUnits")}
              error={form.problem("plannedUnits")}
            />
          </div>
          {Array.from({ length: armCount }, (_, at) => (
            <fieldset key={at} className="stack stack--tight">
              <legend>{at === 0 ? "Control" : at === 1 ? "Arm" : "Another arm (optional)"}</legend>
              <div className="field-row">
                {(["Key", "Name", "Share"] as const).map((part) => (
                  <Field
                    key={part}
                    label={part === "Share" ? "Share, %" : part}
                    optional={at > 1}
                    error={form.problem(`arm${at}${part}`)}
                  >
                    {(control) => (
                      <Input
                        {...control}
                        name={`arm${at}${part}`}
                        defaultValue={form.value(`arm${at}${part}`, suggestedOf(at, part))}
                      />
                    )}
                  </Field>
                ))}
              </div>
              {at > 0 && (
                <Field
                  label="What it sets"
                  optional
                  hint="One setting a line, such as rankingVersion = 3."
                  error={form.problem(`arm${at}Config`)}
                >
                  {(control) => (
                    <Textarea
                      {...control}
                      name={`arm${at}Config`}
                      rows={2}
                      defaultValue={form.value(`arm${at}Config`)}
                    />
                  )}
                </Field>
              )}
            </fieldset>
          ))}
          <div>
            <Button type="submit" busy={busy}>
              Make the draft
            </Button>
          </div>
        </Form>
      </Card>
    </>
  );
}

function suggestedOf(at: number, part: "Key" | "Name" | "Share"): string {
  const arm = suggested[at];
  if (!arm) return "";
  return part === "Key" ? arm.key : part === "Name" ? arm.name : arm.share;
}
