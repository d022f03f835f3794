import { Button, Card, InputField, Radio, SelectField } from "@almanac/ui";
import { Form } from "@remix-run/react";
import type { FormState } from "../../outcome.ts";
import { useBusy } from "../forms/act.tsx";

const reasons = [
  { value: "harvest", label: "Harvested" },
  { value: "restock", label: "Came in" },
  { value: "stall_sale", label: "Sold at the stall" },
  { value: "waste", label: "Waste" },
  { value: "donation", label: "Donated" },
  { value: "recount", label: "Counted: this is what there is" },
] as const;

export interface StockFormProps {
  form: FormState;
  /** Sent with the form, so that pressing twice records once. */
  newKey: string;
  unit: string;
  lots: readonly { readonly id: string; readonly code: string }[];
  name: string;
}

/** What moved the stock beside orders. */
export function StockForm({ form, newKey, unit, lots, name }: StockFormProps) {
  const busy = useBusy("record");
  const reason = form.value("reason", "harvest");
  return (
    <Card title="Record">
      <Form method="post" className="stack" preventScrollReset>
        <input type="hidden" name="intent" value="record" />
        <input type="hidden" name="key" value={form.value("key", newKey)} />
        <input type="hidden" name="name" value={name} />
        <fieldset className="reason-set">
          <legend className="field__label">What happened</legend>
          {reasons.map(({ value, label }) => (
            <Radio key={value} name="reason" value={value} label={label} defaultChecked={value === reason} />
          ))}
        </fieldset>
        <InputField
          label="How much"
          {...form.field("amount")}
          inputMode="decimal"
          numeric
          required
          autoComplete="off"
          suffix={unit}
        />
        {lots.length > 0 && (
          <SelectField
            label="Lot"
            optional
            name="lotId"
            defaultValue={form.value("lotId")}
            options={[
              { value: "", label: "none" },
              ...lots.map(({ id, code }) => ({ value: id, label: code })),
            ]}
          />
        )}
        <InputField label="Note" optional name="note" maxLength={500} defaultValue={form.value("note")} />
        <Button type="submit" busy={busy} wide>
          Record it
        </Button>
      </Form>
    </Card>
  );
}
