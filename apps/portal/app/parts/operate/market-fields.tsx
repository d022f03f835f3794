import { Checkbox, InputField, SelectField, TextareaField } from "@almanac/ui";
import type { FormState } from "../../outcome.ts";

const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

export interface MarketFieldsProps {
  form: FormState;
  stored?: {
    readonly name: string;
    readonly description: string;
    readonly address: string;
    readonly region: string;
    readonly latitude: number;
    readonly longitude: number;
    readonly weekday: number;
    readonly opensAt: string;
    readonly closesAt: string;
    readonly feePercent: string;
    readonly acceptsSnap: boolean;
  };
}

/** Where and when a market is, and what it takes of a sale. */
export function MarketFields({ form, stored }: MarketFieldsProps) {
  const field = (name: string, value?: string | number) => ({
    name,
    defaultValue: form.value(name, value),
    error: form.problem(name),
  });
  return (
    <>
      <InputField label="Name" required maxLength={120} {...field("name", stored?.name)} />
      <TextareaField
        label="Description"
        optional
        maxLength={4_000}
        {...field("description", stored?.description)}
      />
      <InputField label="Address" optional maxLength={200} {...field("address", stored?.address)} />
      <InputField
        label="Region"
        optional
        maxLength={80}
        hint="Decides the usual seasons of its crops."
        {...field("region", stored?.region)}
      />
      <div className="field-row">
        <InputField
          label="Latitude"
          numeric
          short
          inputMode="decimal"
          required
          {...field("latitude", stored?.latitude)}
        />
        <InputField
          label="Longitude"
          numeric
          short
          inputMode="decimal"
          required
          {...field("longitude", stored?.longitude)}
        />
      </div>
      <div className="field-row">
        <SelectField
          label="Market day"
          options={weekdays.map((label, index) => ({ value: String(index + 1), label }))}
          {...field("weekday", stored?.weekday ?? 6)}
        />
        <InputField label="Opens" type="time" required {...field("opensAt", stored?.opensAt ?? "08:00")} />
        <InputField label="Closes" type="time" required {...field("closesAt", stored?.closesAt ?? "13:00")} />
      </div>
      <InputField
        label="Fee of each farm's sale"
        numeric
        short
        inputMode="decimal"
        suffix="%"
        required
        {...field("feePercent", stored?.feePercent ?? "0")}
      />
      <Checkbox
        label="Takes SNAP"
        name="acceptsSnap"
        defaultChecked={form.checked("acceptsSnap", stored?.acceptsSnap ?? false)}
      />
    </>
  );
}
