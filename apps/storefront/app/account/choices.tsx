import { Anchor, Button, Card, Switch } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import type { accountOf } from "../server/account.server.ts";
import { ActionForm } from "../shell/action-form.tsx";

/** Whether we may remember, and write. */
export function ConsentCard() {
  const { me } = useLoaderData<typeof accountOf>();
  const words = {
    unset:
      "You have not decided yet. Until you do, what you look at counts for your own suggestions here; “No, thanks” deletes it.",
    granted: "We remember what you look at, keep and buy.",
    denied: "We note nothing of what you look at, and use nothing noted before.",
  }[me.consent];
  return (
    <Card title="Remembering">
      <ActionForm action="/consent" fields={{ askedMarketing: 1 }} className="stack">
        {({ busy }) => (
          <>
            <p className="soft">{words}</p>
            <Switch
              key={`tracking-${me.consent}`}
              name="tracking"
              value="granted"
              defaultChecked={me.consent === "granted"}
              label="Remember what I do in the shop"
              hint="For suggestions that fit. Shopping works the same without."
            />
            <Switch
              key={`marketing-${String(me.marketing)}`}
              name="marketing"
              defaultChecked={me.marketing}
              label="Send me news by mail"
              hint="Harvests and price drops you asked for; never more than that."
            />
            <div>
              <Button type="submit" tone="secondary" busy={busy}>
                Save
              </Button>
            </div>
          </>
        )}
      </ActionForm>
    </Card>
  );
}

/** Whether lists follow the person's taste. */
export function PersonaliseCard() {
  const { me } = useLoaderData<typeof accountOf>();
  return (
    <Card title="Suggestions">
      <ActionForm action="/account?index" fields={{ intent: "personalise" }} className="stack">
        {({ busy }) => (
          <>
            <Switch
              key={String(me.personalise)}
              name="personalise"
              defaultChecked={me.personalise}
              label="Arrange things for me"
              hint="Off shows everybody's order: what is ripe, near and liked."
            />
            <div>
              <Button type="submit" tone="secondary" busy={busy}>
                Save
              </Button>
            </div>
          </>
        )}
      </ActionForm>
    </Card>
  );
}

export function FarmsCard() {
  const { followed } = useLoaderData<typeof accountOf>();
  return (
    <Card title="Farms you follow">
      {followed.length === 0 ? (
        <p className="soft">
          None yet. <Anchor href="/farms">See who grows what</Anchor>.
        </p>
      ) : (
        <ul className="plain-list">
          {followed.map((farm) => (
            <li key={farm.id} className="interest">
              <Anchor href={`/farms/${farm.slug}`}>{farm.name}</Anchor>
              <ActionForm
                action={`/farms/${farm.slug}`}
                fields={{ intent: "unfollow", farmId: farm.id, name: farm.name }}
              >
                {({ busy }) => (
                  <Button
                    type="submit"
                    tone="quiet"
                    size="small"
                    busy={busy}
                    aria-label={`Stop following ${farm.name}`}
                  >
                    Stop following
                  </Button>
                )}
              </ActionForm>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
