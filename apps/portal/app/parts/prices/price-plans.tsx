import { Badge, Button, Card, Checkbox, InputField, SelectField } from "@almanac/ui";
import { Form } from "@remix-run/react";
import { formState, useOutcome } from "../../outcome.ts";
import type { PlanView } from "../../server/prices/price-plans.ts";
import { Act, useBusy } from "../forms/act.tsx";

interface PricePlansProps {
  variantId: string;
  /** Of the product, for what is said after a form was sent. */
  name: string;
  priceUnit: string;
  floor: string | null;
  plans: readonly PlanView[];
  options: readonly { value: string; label: string }[];
  today: string;
}

/** What is planned to be asked for one way of selling, and a form for another plan. */
export function PricePlans({ variantId, name, priceUnit, floor, plans, options, today }: PricePlansProps) {
  const open = plans.filter(({ isOpen }) => isOpen);
  const past = plans.filter(({ isOpen }) => !isOpen);
  return (
    <Card title="Planned prices">
      {open.length === 0 ? (
        <p className="soft">Nothing is planned. A planned price takes effect by itself on its first day.</p>
      ) : (
        <PlanList plans={open} />
      )}
      <PlanForm {...{ variantId, name, priceUnit, floor, options, today }} isFirst={open.length === 0} />
      {past.length > 0 && (
        <details className="fold">
          <summary>Before ({past.length})</summary>
          <div className="fold__body">
            <PlanList plans={past} />
          </div>
        </details>
      )}
    </Card>
  );
}

function PlanList({ plans }: { plans: readonly PlanView[] }) {
  return (
    <ul className="plain-list price-plans">
      {plans.map((plan) => (
        <li key={plan.id} className="price-plan">
          <div>
            <span className="price-plan__price numeric">{plan.price}</span>{" "}
            <span>
              {plan.days}
              {plan.reason && <span className="soft"> · {plan.reason}</span>}
            </span>
          </div>
          <div className="cluster">
            <Badge tone={plan.tone}>{plan.state}</Badge>
            {plan.isOpen && (
              <Act intent="cancel" subject={plan.id} label="Cancel" about={plan.about} tone="quiet" />
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}

type PlanFormProps = Omit<PricePlansProps, "plans"> & { isFirst: boolean };

function PlanForm({ variantId, name, priceUnit, floor, options, today, isFirst }: PlanFormProps) {
  const form = formState(useOutcome(), "plan", variantId);
  const busy = useBusy("plan");
  const chosen = form.value("when", options[0]?.value);
  return (
    <details className="fold" open={form.refused || isFirst}>
      <summary>Plan a price</summary>
      <Form method="post" className="stack fold__body price-plan-form" preventScrollReset>
        <input type="hidden" name="intent" value="plan" />
        <input type="hidden" name="subject" value={variantId} />
        <input type="hidden" name="name" value={name} />
        <div className="field-row">
          <InputField
            label="New price"
            {...form.field("unitPriceCents")}
            hint="4.20, or 2 for 9"
            numeric
            short
            required
            suffix={`/ ${priceUnit}`}
          />
          <SelectField label="For" name="when" defaultValue={chosen} options={options} />
        </div>
        <div className="field-row price-plan-form__days">
          <InputField label="From" type="date" min={today} {...form.field("fromDay", today)} />
          <InputField
            label="Last day"
            optional
            hint="It stays where none is named"
            type="date"
            min={today}
            {...form.field("toDay")}
          />
        </div>
        <InputField
          label="Reason"
          optional
          hint="Shoppers read it beside the price"
          {...form.field("reason")}
          maxLength={200}
        />
        {(floor !== null || form.problem("unitPriceCents")) && (
          <Checkbox
            name="mayBeBelowFloor"
            defaultChecked={form.checked("mayBeBelowFloor", false)}
            label={`It may lie below my floor${floor ? ` of ${floor}` : ""}`}
          />
        )}
        <p className="small soft">
          Shoppers see it as any change of price. For a market day it is asked from when ordering for it
          opens. Of “2 for 9”, one alone costs its share.
        </p>
        <div className="cluster">
          <Button type="submit" busy={busy}>
            Plan it
          </Button>
        </div>
      </Form>
    </details>
  );
}
