import { Badge, Button, Card, SelectField, type SelectOption } from "@almanac/ui";
import { Form } from "@remix-run/react";
import type { ReactNode } from "react";
import { formState, useOutcome } from "../../outcome.ts";
import { Act } from "../forms/act.tsx";

interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly roles: readonly string[];
  readonly farms: readonly { readonly id: string; readonly name: string; readonly role: string }[];
  readonly markets: readonly { readonly id: string; readonly name: string }[];
}

export interface PersonRightsProps {
  person: Person;
  farms: readonly SelectOption[];
  markets: readonly SelectOption[];
}

/** What one person may do, and the forms that change it. */
export function PersonRights({ person, farms, markets }: PersonRightsProps) {
  const { id, name } = person;
  return (
    <Card
      title={name || person.email}
      aside={<span className="soft small">{person.email}</span>}
      className="person"
    >
      <div className="person__parts">
        <Part title="Roles">
          {(["operator", "analyst"] as const).map((role) => {
            const has = person.roles.includes(role);
            return (
              <li key={role} className="cluster cluster--apart">
                <Badge tone={has ? "good" : "calm"}>{role}</Badge>
                <Act
                  intent={has ? "revoke" : "grant"}
                  subject={id}
                  fields={{ name, role }}
                  label={has ? "Take away" : "Give"}
                  about={`${has ? "Take the role" : "Give the role"} ${role} ${has ? "from" : "to"} ${name}`}
                />
              </li>
            );
          })}
        </Part>
        <Part title="Farms">
          {person.farms.map((farm) => (
            <li key={farm.id} className="cluster cluster--apart">
              <span>
                {farm.name} <Badge>{farm.role}</Badge>
              </span>
              <Act
                intent="removeFarm"
                subject={id}
                fields={{ name, farm: farm.id, farmRole: farm.role }}
                label="Remove"
                about={`Remove ${name} from ${farm.name}`}
              />
            </li>
          ))}
          <li>
            <AddForm intent="addFarm" person={person} field="farm" label="Add to a farm" options={farms}>
              <SelectField
                label="As"
                name="farmRole"
                options={[
                  { value: "staff", label: "staff" },
                  { value: "owner", label: "owner" },
                ]}
              />
            </AddForm>
          </li>
        </Part>
        <Part title="Markets">
          {person.markets.map((market) => (
            <li key={market.id} className="cluster cluster--apart">
              <span>{market.name}</span>
              <Act
                intent="removeMarket"
                subject={id}
                fields={{ name, market: market.id }}
                label="Remove"
                about={`Remove ${name} from ${market.name}`}
              />
            </li>
          ))}
          <li>
            <AddForm
              intent="addMarket"
              person={person}
              field="market"
              label="Make manager of"
              options={markets}
            />
          </li>
        </Part>
      </div>
    </Card>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="stack stack--tight">
      <h3>{title}</h3>
      <ul className="plain-list">{children}</ul>
    </section>
  );
}

interface AddFormProps {
  intent: string;
  person: Person;
  field: string;
  label: string;
  options: readonly SelectOption[];
  children?: ReactNode;
}

function AddForm({ intent, person, field, label, options, children }: AddFormProps) {
  const form = formState(useOutcome(), intent, person.id);
  return (
    <Form method="post" className="field-row" preventScrollReset>
      <input type="hidden" name="intent" value={intent} />
      <input type="hidden" name="subject" value={person.id} />
      <input type="hidden" name="name" value={person.name} />
      <SelectField
        label={label}
        name={field}
        required
        defaultValue={form.value(field)}
        error={form.problem(field)}
        options={[{ value: "", label: "Choose one" }, ...options]}
      />
      {children}
      <Button type="submit" tone="secondary">
        Add
      </Button>
    </Form>
  );
}
