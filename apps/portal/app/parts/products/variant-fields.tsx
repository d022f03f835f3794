import { Checkbox, InputField } from "@almanac/ui";
import type { FormState } from "../../outcome.ts";

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
        {...form.field("name", stored?.name)}
        required
        maxLength={80}
      />
      <div className="field-row">
        <InputField
          label="Price"
          {...form.field("unitPriceCents", stored?.unitPrice)}
          inputMode="decimal"
          numeric
          short
          required
        />
        <InputField
          label="Said per"
          hint={isCounted ? "bunch, jar" : "kg, bag"}
          {...form.field("priceUnit", stored?.priceUnit ?? (isCounted ? "" : unit))}
          short
          required
          maxLength={30}
        />
        <InputField
          label="Which is"
          {...form.field("unitPricePer", stored?.per ?? "1")}
          inputMode="decimal"
          numeric
          short
          required
          suffix={unit}
        />
        <InputField
          label="One in a basket takes"
          {...form.field("unitQuantityBase", stored?.one ?? "1")}
          inputMode="decimal"
          numeric
          short
          required
          suffix={unit}
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
