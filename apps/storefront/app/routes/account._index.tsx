import type { FarmId } from "@almanac/kernel";
import { Button, Card, Input, LinkButton, Notice, PageHead } from "@almanac/ui";
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BehaviourCard } from "../account/behaviour.tsx";
import { ConsentCard, FarmsCard, PersonaliseCard } from "../account/choices.tsx";
import { HiddenCard } from "../account/hidden.tsx";
import { InterestsCard } from "../account/interests.tsx";
import { accountOf } from "../server/account.server.ts";
import { runForm, textOf } from "../server/answer.server.ts";
import { ActionForm } from "../shell/action-form.tsx";

export const meta: MetaFunction = () => [{ title: "My data · Almanac" }];

export const loader = ({ context }: LoaderFunctionArgs) => accountOf(context);

export async function action({ request, context: { api } }: ActionFunctionArgs) {
  const form = await request.formData();
  const interest = () => {
    const category = textOf(form, "category");
    const farmId = textOf(form, "farmId");
    return { ...(category && { category }), ...(farmId && { farmId: farmId as FarmId }) };
  };
  const name = textOf(form, "name");
  if (textOf(form, "intent") === "erase" && textOf(form, "confirm") === "ERASE") {
    await api.me.erase({ confirm: "ERASE" });
    throw redirect("/erased", 303);
  }
  return runForm(form, async () => {
    switch (textOf(form, "intent")) {
      case "forget":
        await api.taste.forget(interest());
        return { message: `${name} no longer counts.` };
      case "restore":
        await api.taste.restore(interest());
        return { message: `${name || "Everything"} counts again.` };
      case "personalise":
        await api.me.setPreferences({ personalise: textOf(form, "personalise") === "on" });
        return { message: "Noted." };
      default:
        return { message: "Type ERASE in capital letters to delete everything." };
    }
  });
}

export default function Account() {
  const { me } = useLoaderData<typeof loader>();
  return (
    <div className="stack stack--loose">
      <PageHead
        title={me.name ? `${me.name}, your data` : "My data"}
        lead="What we keep about you, why you see what you see, and the switches for it."
        actions={
          me.signedIn ? (
            <LinkButton href="/sign-out" tone="secondary" icon="logout">
              Sign out
            </LinkButton>
          ) : (
            <LinkButton href="/sign-in">Sign in</LinkButton>
          )
        }
      />
      {!me.signedIn && (
        <Notice title="You are not signed in">
          This is what we keep for this browser. Sign in to see what belongs to your account.
        </Notice>
      )}
      <div className="beside">
        <div className="stack">
          <InterestsCard />
          <FarmsCard />
          <BehaviourCard />
          <HiddenCard />
        </div>
        <div className="stack">
          <ConsentCard />
          <PersonaliseCard />
          <Card title="Orders and lists">
            <div className="cluster">
              <LinkButton href="/orders" tone="secondary" icon="box">
                Orders
              </LinkButton>
              <LinkButton href="/wishlist" tone="secondary" icon="heart">
                Wishlist
              </LinkButton>
            </div>
          </Card>
          <TakeOrErase />
        </div>
      </div>
    </div>
  );
}

function TakeOrErase() {
  return (
    <Card title="Take it with you, or delete it">
      <div className="stack">
        <LinkButton href="/account/export" download tone="secondary" icon="download">
          Download my data
        </LinkButton>
        <details>
          <summary className="button button--quiet">Delete everything about me</summary>
          <ActionForm action="/account?index" fields={{ intent: "erase" }} className="stack">
            {({ busy }) => (
              <>
                <p>
                  Your account, interests and lists are deleted for good. Orders stay with the farms, without
                  your name.
                </p>
                <label className="field">
                  <span className="field__label">Type ERASE to confirm</span>
                  <Input name="confirm" autoComplete="off" pattern="ERASE" required />
                </label>
                <div>
                  <Button type="submit" tone="warm" icon="trash" busy={busy}>
                    Delete for good
                  </Button>
                </div>
              </>
            )}
          </ActionForm>
        </details>
      </div>
    </Card>
  );
}
