import { Checkbox, InputField, pictureNames, SelectField, TextareaField } from "@almanac/ui";
import type { FormState } from "../../outcome.ts";

export interface ProductFieldsProps {
  form: FormState;
  categories: readonly { readonly slug: string; readonly name: string }[];
  stored?: {
    readonly name: string;
    readonly category: string;
    readonly description: string;
    readonly storageTips: string;
    readonly crop: string;
    readonly picture: string;
    readonly isOrganic: boolean;
    readonly snapEligible: boolean;
    readonly isReplenishable: boolean;
    readonly lowStock: string;
    readonly shelfLife: string;
    readonly unit: string;
  };
}

/** What a product is: the same fields for a new one and for one that is there. */
export function ProductFields({ form, categories, stored }: ProductFieldsProps) {
  return (
    <>
      <InputField label="Name" required maxLength={120} {...form.field("name", stored?.name)} />
      <SelectField
        label="Category"
        required
        {...form.field("category", stored?.category)}
        options={[
          ...(stored ? [] : [{ value: "", label: "Choose one" }]),
          ...categories.map(({ slug, name }) => ({ value: slug, label: name })),
        ]}
      />
      <InputField
        label="Crop"
        optional
        maxLength={60}
        hint="What grows, in one word: tomato. It decides the season."
        {...form.field("crop", stored?.crop)}
      />
      <SelectField
        label="Picture"
        hint="Shown until you add a photo."
        {...form.field("picture", stored?.picture)}
        options={[
          ...(stored ? [] : [{ value: "", label: "The one that fits the name" }]),
          ...pictureNames.map((name) => ({ value: name, label: name.replaceAll("-", " ") })),
        ]}
      />
      <TextareaField
        label="Description"
        optional
        maxLength={4_000}
        {...form.field("description", stored?.description)}
      />
      <TextareaField
        label="How to keep it"
        optional
        maxLength={1_000}
        {...form.field("storageTips", stored?.storageTips)}
      />
      <InputField
        label="Keeps for"
        optional
        numeric
        short
        inputMode="numeric"
        suffix="days"
        hint="From the harvest on. Advice then knows what still sells at the next market; a lot with its own date goes by that."
        {...form.field("shelfLifeDays", stored?.shelfLife)}
      />
      {stored && (
        <InputField
          label="Call it low below"
          numeric
          short
          inputMode="decimal"
          suffix={stored.unit}
          hint="Shoppers then see how much is left. 0 never says so."
          {...form.field("lowStock", stored.lowStock)}
        />
      )}
      <div>
        <Checkbox
          label="Certified organic"
          name="isOrganic"
          defaultChecked={form.checked("isOrganic", stored?.isOrganic ?? false)}
        />
        <Checkbox
          label="Can be paid with SNAP"
          name="snapEligible"
          defaultChecked={form.checked("snapEligible", stored?.snapEligible ?? false)}
        />
        <Checkbox
          label="Comes again when it is gone"
          hint="Off for what is harvested once, such as garlic."
          name="isReplenishable"
          defaultChecked={form.checked("isReplenishable", stored?.isReplenishable ?? true)}
        />
      </div>
    </>
  );
}
