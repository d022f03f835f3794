import { Field, Fieldset, Input, InputField, Select, Textarea } from "@almanac/ui";
import type { FormState } from "../../outcome.ts";
import { armCount, writeConfig, type TypedArm } from "./arm-fields.ts";

/** What the form starts with. */
export interface StoredPlan {
  readonly name: string;
  readonly hypothesis: string;
  readonly kind: string;
  readonly surface: string;
  readonly primaryMetric: string;
  readonly rollout: number;
  readonly plannedUnits?: number | undefined;
  readonly arms: readonly TypedArm[];
  readonly guardrails: readonly { readonly metric: string; readonly margin: number }[];
}

export interface MetricOption {
  readonly key: string;
  readonly name: string;
  readonly better: string;
}

export interface ExperimentFieldsProps {
  form: FormState;
  stored: StoredPlan;
  metrics: readonly MetricOption[];
}

/** What an experiment is made of: for a new one, and for a draft. */
export function ExperimentFields({ form, stored, metrics }: ExperimentFieldsProps) {
  return (
    <>
      <InputField
        label="What is tried?"
        {...form.field("name", stored.name)}
        required
        maxLength={120}
        placeholder="More weight on the season"
      />
      <Field label="What do you expect?" optional error={form.problem("hypothesis")}>
        {(control) => (
          <Textarea
            {...control}
            name="hypothesis"
            rows={2}
            defaultValue={form.value("hypothesis", stored.hypothesis)}
          />
        )}
      </Field>
      <div className="field-row">
        <Choice
          form={form}
          label="Where"
          name="surface"
          stored={stored.surface}
          options={[
            { value: "search", label: "Search" },
            { value: "recommendations", label: "Recommendations" },
          ]}
        />
        <Choice
          form={form}
          label="How"
          name="kind"
          stored={stored.kind}
          hint="One list of both takes far fewer shoppers, and tells only which is opened more. For search."
          options={[
            { value: "ab", label: "Groups of shoppers" },
            { value: "interleaving", label: "Both in one list" },
          ]}
        />
        <Choice
          form={form}
          label="Decided by"
          name="primaryMetric"
          stored={stored.primaryMetric}
          options={metrics
            .filter(({ better }) => better === "higher")
            .map(({ key, name }) => ({ value: key, label: name }))}
        />
      </div>
      <div className="field-row">
        <InputField
          label="Shoppers who may take part, %"
          {...form.field("rollout", percentOf(stored.rollout))}
          inputMode="decimal"
          required
          hint="5, 25, 50, 100: raising it moves nobody between arms."
        />
        <InputField
          label="Planned shoppers"
          optional
          {...form.field("plannedUnits", stored.plannedUnits)}
          inputMode="numeric"
          hint="With a plan it decides sooner, and ends there. Without, it can go on for ever."
        />
      </div>
      {Array.from({ length: armCount }, (_, at) => (
        <ArmFields key={at} at={at} form={form} stored={stored.arms[at]} />
      ))}
      <Guardrails form={form} stored={stored} metrics={metrics} />
    </>
  );
}

function Choice({
  form,
  label,
  name,
  stored,
  hint,
  options,
}: {
  form: FormState;
  label: string;
  name: string;
  stored: string;
  hint?: string;
  options: readonly { value: string; label: string }[];
}) {
  return (
    <Field label={label} hint={hint} error={form.problem(name)}>
      {(control) => (
        <Select {...control} name={name} defaultValue={form.value(name, stored)} options={[...options]} />
      )}
    </Field>
  );
}

const parts = ["Key", "Name", "Share"] as const;

function ArmFields({ at, form, stored }: { at: number; form: FormState; stored: TypedArm | undefined }) {
  const startOf = (part: (typeof parts)[number]): string => {
    if (!stored) return "";
    return part === "Key" ? stored.key : part === "Name" ? stored.name : percentOf(stored.weight);
  };
  return (
    <Fieldset legend={at === 0 ? "Control: as it is" : at === 1 ? "Arm" : "Another arm (optional)"}>
      <div className="field-row">
        {parts.map((part) => (
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
                defaultValue={form.value(`arm${at}${part}`, startOf(part))}
              />
            )}
          </Field>
        ))}
      </div>
      {(at > 0 || (stored && Object.keys(stored.config).length > 0)) && (
        <Field
          label="What it sets"
          optional
          hint="One setting a line: rankingVersion = 3 (of the weights), reranker = 3 (learned), recommender = item-knn."
          error={form.problem(`arm${at}Config`)}
        >
          {(control) => (
            <Textarea
              {...control}
              name={`arm${at}Config`}
              rows={2}
              defaultValue={form.value(`arm${at}Config`, stored ? writeConfig(stored.config) : "")}
            />
          )}
        </Field>
      )}
    </Fieldset>
  );
}

/** What must not get worse, and by how much it may. */
function Guardrails({ form, stored, metrics }: ExperimentFieldsProps) {
  return (
    <details className="plot__table">
      <summary>Guardrails: what must not get worse</summary>
      <p className="small soft">
        An arm that is surely worse by more than this is stopped by itself. Empty: not watched. They count for
        groups of shoppers, where they are measured.
      </p>
      <div className="tile-grid">
        {metrics.map(({ key, name, better }) => {
          const field = `guard_${key}`;
          const margin = stored.guardrails.find(({ metric }) => metric === key)?.margin;
          return (
            <InputField
              key={key}
              label={`${name}: ${better === "higher" ? "fewer" : "more"} by at most, %`}
              name={field}
              inputMode="decimal"
              defaultValue={form.value(field, margin === undefined ? "" : percentOf(margin))}
              error={form.problem(field)}
            />
          );
        })}
      </div>
    </details>
  );
}

/** .125 as "12.5" */
function percentOf(share: number): string {
  return String(Math.round(share * 1_000) / 10);
}
