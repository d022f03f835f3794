import { Button, Card, InputField, SelectField } from "@almanac/ui";
import { Form } from "@remix-run/react";
import { formState, useOutcome } from "../../outcome.ts";
import { nameInWords } from "../../server/words/numbers.ts";
import { useBusy } from "../forms/act.tsx";
import { seasons } from "./rule-terms.ts";

interface NewRuleProps {
  readonly markets: readonly { readonly id: string; readonly name: string }[];
  /** Days as `2025-08-13`: what the form proposes. */
  readonly today: string;
  readonly inAMonth: string;
  /** How many rules there are. */
  readonly rules: number;
}

/** The form of a new rule. A list that got longer has taken what was typed, so the form begins anew with each rule. */
export function NewRule({ markets, today, inAMonth, rules }: NewRuleProps) {
  const form = formState(useOutcome(), "create");
  const busy = useBusy("create");
  return (
    <Card title="Make a rule">
      <Form method="post" className="stack" preventScrollReset key={rules}>
        <input type="hidden" name="intent" value="create" />
        <div className="field-row">
          <SelectField
            label="Do what"
            name="kind"
            defaultValue={form.value("kind") || "boost"}
            error={form.problem("kind")}
          >
            <option value="boost">Boost</option>
            <option value="pin">Pin to a place</option>
            <option value="bury">Show last</option>
          </SelectField>
          <SelectField
            label="With a"
            name="target"
            defaultValue={form.value("target") || "product"}
            error={form.problem("target")}
          >
            <option value="product">product</option>
            <option value="category">category</option>
            <option value="farm">farm</option>
          </SelectField>
          <InputField
            label="Name"
            {...form.field("targetId")}
            required
            maxLength={100}
            placeholder="Heirloom tomato"
          />
          <InputField
            label="Factor or place"
            name="strength"
            inputMode="decimal"
            hint="Boost 1.1 to 3, pin 1 to 10"
            defaultValue={form.value("strength") || "1.5"}
            error={form.problem("strength")}
          />
        </div>
        <div className="field-row">
          <SelectField label="At" name="marketId" defaultValue={form.value("marketId")}>
            <option value="">every market</option>
            {markets.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </SelectField>
          <SelectField label="In" name="season" defaultValue={form.value("season")}>
            <option value="">every season</option>
            {seasons.map((season) => (
              <option key={season} value={season}>
                {nameInWords(season)}
              </option>
            ))}
          </SelectField>
          <InputField
            label="From"
            type="date"
            name="firstDay"
            required
            defaultValue={form.value("firstDay") || today}
            error={form.problem("firstDay")}
          />
          <InputField
            label="Until"
            type="date"
            name="lastDay"
            required
            defaultValue={form.value("lastDay") || inAMonth}
            error={form.problem("lastDay")}
          />
        </div>
        <InputField label="Why" optional {...form.field("note")} maxLength={300} />
        <div>
          <Button type="submit" busy={busy}>
            Make the rule
          </Button>
        </div>
      </Form>
    </Card>
  );
}
