import { Checkbox, InputField } from "@almanac/ui";
import type { FormState } from "../outcome.ts";

export interface VariantFieldsProps {
  form: FormState;
  /** "kg", "l" or "pieces". */
  unit: string;
  isCounted: boolean;
  stored?: {
    readonly name: string;
    readonly priceUnit: string;
    readonly unitPrice: string;
    readonly per: string;
    readonly one: string;
    readonly isWeighed: boolean;
  };
}

/** How a product is sold: by the bag, the bunch, or weighed at the stall. */
export function VariantFields({ form, unit, isCounted, stored }: VariantFieldsProps) {
  return (
    <>
      <InputField
        label="What one is called"
        hint="bunch, bag of 2 kg, each about 750 g"
        name="name"
        required
        maxLength={80}
        defaultValue={form.value("name", stored?.name)}
        error={form.problem("name")}
      />
      <div className="field-row">
        <InputField
          label="Price"
          name="unitPriceCents"
          inputMode="decimal"
          numeric
          short
          required
          defaultValue={form.value("unitPriceCents", stored?.unitPrice)}
          error={form.problem("unitPriceCents")}
        />
        <InputField
          label="Said per"
          hint={isCounted ? "bunch, jar" : "kg, bag"}
          name="priceUnit"
          short
          required
          maxLength={30}
          defaultValue={form.value("priceUnit", stored?.priceUnit ?? (isCounted ? "" : unit))}
          error={form.problem("priceUnit")}
        />
        <InputField
          label="Which is"
          name="unitPricePer"
          inputMode="decimal"
          numeric
          short
          required
          suffix={unit}
          defaultValue={form.value("unitPricePer", stored?.per ?? "1")}
          error={form.problem("unitPricePer")}
        />
        <InputField
          label="One in a basket takes"
          name="unitQuantityBase"
          inputMode="decimal"
          numeric
          short
          required
          suffix={unit}
          defaultValue={form.value("unitQuantityBase", stored?.one ?? "1")}
          error={form.problem("unitQuantityBase")}
        />
      </div>
      {!isCounted && (
        <Checkbox
          label="Weighed at the stall"
          hint="The amount is an estimate; the price follows the scale."
          name="isWeighed"
          defaultChecked={form.checked("isWeighed", stored?.isWeighed ?? false)}
        />
      )}
    </>
  );
}
