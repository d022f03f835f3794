import {
  Badge,
  Button,
  Card,
  Checkbox,
  Chips,
  Fieldset,
  InputField,
  Notice,
  PageHead,
  Table,
} from "@almanac/ui";
import { Form, useLoaderData } from "@remix-run/react";
import { formState, useOutcome } from "../outcome.ts";
import { Act, AskFirst, useBusy } from "../parts/forms/act.tsx";
import { SecretOnce } from "../parts/forms/secret-once.tsx";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { titled } from "../parts/frame/titled.ts";
import { momentAt } from "../server/words/dates.ts";
import { adminAction, adminLoader } from "../server/request/handlers.ts";

export const loader = adminLoader(async ({ api, url, now }) => {
  const everybody = url.searchParams.has("all");
  const { keys, grantable } = await api.apiKeys.list({ everybody });
  return {
    everybody,
    grantable,
    tomorrow: new Date(now.getTime() + 86_400_000).toISOString().slice(0, 10),
    keys: keys.map((key) => ({
      id: key.id,
      name: key.name,
      prefix: key.prefix,
      scopes: key.scopes,
      owner: key.userId.slice(0, 8),
      createdAt: momentAt(key.createdAt, "UTC", now),
      lastUsedAt: key.lastUsedAt ? momentAt(key.lastUsedAt, "UTC", now) : "never",
      state: key.revokedAt ? "revoked" : key.expiresAt && key.expiresAt < now ? "run out" : "works",
      until: key.expiresAt ? key.expiresAt.toISOString().slice(0, 10) : "",
    })),
  };
});

export const action = adminAction({
  create: async ({ api, fields }) => {
    const name = fields.text("name", { required: "Say what the key is for." });
    const { grantable } = await api.apiKeys.list({ everybody: false });
    const wanted = fields.all("scopes");
    const scopes = grantable.filter((right) => wanted.includes(right));
    if (scopes.length === 0) fields.wrong("scopes", "Choose what the key may do.");
    const day = fields.optional("expiresOn");
    const expiresAt = day && /^\d{4}-\d{2}-\d{2}$/.test(day) ? `${day}T00:00:00Z` : undefined;
    if (day && !expiresAt) fields.wrong("expiresOn", "A day such as 2027-01-31.");
    fields.done();
    const { key } = await api.apiKeys.create({ name, scopes, ...(expiresAt && { expiresAt }) });
    return { message: `The key "${name}" is made.`, secret: key };
  },
  revoke: async ({ api, fields }) => {
    await api.apiKeys.revoke({ id: fields.text("subject") });
    return { message: `The key "${fields.text("name")}" stopped working.` };
  },
});

const scopeWords: Readonly<Record<string, string>> = {
  shop: "browse and order as me",
  account: "read and change my account",
  "farm.read": "read my farms' orders and stock",
  "farm.write": "change my farms' products and stock",
  "market.manage": "manage my markets",
  "operate.read": "read the monitor, queue, mail and people",
  "operate.write": "act as an operator",
  analyse: "read analyses",
  "recommendations.any": "ask for any shopper's recommendations",
};

export const meta = titled("API keys");

export default function Keys() {
  const { keys, grantable, everybody, tomorrow } = useLoaderData<typeof loader>();
  const outcome = useOutcome();
  const form = formState(outcome, "create");
  const busy = useBusy("create");
  return (
    <>
      <PageHead
        title="API keys"
        lead="For programs. A key can do what is ticked, and never more than its owner."
      />
      {outcome?.secret ? (
        <Notice tone="good" title={outcome.message} announce="status">
          <p>Copy it now: it is shown this one time and kept nowhere.</p>
          <SecretOnce secret={outcome.secret} />
        </Notice>
      ) : (
        <OutcomeNotice />
      )}
      <Card title="Make a key">
        <Form method="post" className="stack" preventScrollReset key={keys.length}>
          <input type="hidden" name="intent" value="create" />
          <div className="field-row">
            <InputField
              label="What is it for?"
              {...form.field("name")}
              required
              maxLength={80}
              placeholder="Till at stall 4"
            />
            <InputField
              label="Works until"
              optional
              type="date"
              name="expiresOn"
              min={tomorrow}
              defaultValue={form.value("expiresOn")}
              error={form.problem("expiresOn") ?? form.problem("expiresAt")}
            />
          </div>
          <Fieldset legend="What may it do?">
            {form.problem("scopes") && <p className="field__error">{form.problem("scopes")}</p>}
            <div className="scope-grid">
              {grantable.map((right) => (
                <Checkbox
                  key={right}
                  name="scopes"
                  value={right}
                  label={<code>{right}</code>}
                  hint={scopeWords[right]}
                />
              ))}
            </div>
          </Fieldset>
          <div>
            <Button type="submit" busy={busy}>
              Make the key
            </Button>
          </div>
        </Form>
      </Card>
      <Chips
        label="Whose"
        chips={[
          { href: "?", label: "Mine", on: !everybody },
          { href: "?all", label: "Everybody's", on: everybody },
        ]}
      />
      <Table
        caption={everybody ? "Everybody's keys" : "My keys"}
        dense
        rows={keys}
        rowKey={({ id }) => id}
        empty="No key yet."
        columns={[
          { key: "name", header: "For", rowHeader: true, cell: (key) => key.name },
          { key: "prefix", header: "Begins with", cell: (key) => <code>{key.prefix}</code> },
          {
            key: "state",
            header: "State",
            cell: (key) => (
              <>
                <Badge tone={key.state === "works" ? "good" : "calm"}>{key.state}</Badge>
                {key.until && <span className="small soft nowrap"> until {key.until}</span>}
              </>
            ),
          },
          {
            key: "scopes",
            header: "May",
            cell: (key) => <span className="small">{key.scopes.join(", ")}</span>,
          },
          ...(everybody
            ? [
                {
                  key: "owner",
                  header: "Owner",
                  cell: (key: (typeof keys)[number]) => <code>{key.owner}</code>,
                },
              ]
            : []),
          {
            key: "created",
            header: "Made (UTC)",
            cell: (key) => <span className="nowrap">{key.createdAt}</span>,
          },
          {
            key: "used",
            header: "Last used",
            cell: (key) => <span className="nowrap">{key.lastUsedAt}</span>,
          },
          {
            key: "act",
            header: <span className="visually-hidden">Act</span>,
            cell: (key) =>
              key.state === "revoked" ? null : (
                <AskFirst
                  label="Revoke"
                  about={`Revoke ${key.name}`}
                  question="Programs that use it stop working at once. It cannot be given back."
                >
                  <Act
                    intent="revoke"
                    subject={key.id}
                    fields={{ name: key.name }}
                    label="Revoke it"
                    tone="warm"
                  />
                </AskFirst>
              ),
          },
        ]}
      />
    </>
  );
}
