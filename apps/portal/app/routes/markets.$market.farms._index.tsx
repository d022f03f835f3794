import { parseId, type FarmId } from "@almanac/kernel";
import {
  Anchor,
  Button,
  Card,
  EmptyState,
  FarmMark,
  Input,
  InputField,
  LinkButton,
  PageHead,
} from "@almanac/ui";
import { Form, useLoaderData } from "@remix-run/react";
import { formState, useOutcome, type Outcome } from "../outcome.ts";
import { Act } from "../parts/forms/act.tsx";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { titled } from "../parts/frame/titled.ts";
import { marketAction, marketLoader } from "../server/request/handlers.ts";

export const loader = marketLoader(async ({ api, market, url }) => {
  const find = (url.searchParams.get("find") ?? "").trim();
  const [farms, candidates] = await Promise.all([
    api.marketDesk.farms.list({ marketId: market.id }),
    find.length >= 2 ? api.marketDesk.farms.candidates({ marketId: market.id, text: find }) : undefined,
  ]);
  return {
    slug: market.slug,
    find,
    candidates,
    farms: farms.map(({ id, slug, name, town, stall, members }) => ({
      id,
      slug,
      name,
      town,
      stall,
      members,
    })),
  };
});

export const action = marketAction({
  stall: async ({ api, market, fields }) => {
    const before = fields.text("before");
    const [farmId, stall] = [farmIdOf(fields.text("subject")), fields.text("stall")];
    const farm = await api.marketDesk.farms.setStall({ marketId: market.id, farmId, stall });
    return {
      message: stall ? `${farm.name} has stall ${stall}.` : `${farm.name} has no stall name.`,
      undo: { label: "Undo", fields: { intent: "stall", subject: farmId, stall: before, before: stall } },
    };
  },
  owner: async ({ api, market, fields }) => {
    const email = fields.text("email", { required: "Type the owner's e-mail." });
    fields.done();
    const farmId = farmIdOf(fields.text("subject"));
    const farm = await api.marketDesk.farms.setOwner({ marketId: market.id, farmId, email });
    return { message: `${farm.name} has an owner, who finds it in the portal now.` };
  },
  remove: async ({ api, market, fields }) => {
    const [subject, stall, name] = [fields.text("subject"), fields.text("stall"), fields.text("name")];
    await api.marketDesk.farms.remove({ marketId: market.id, farmId: farmIdOf(subject) });
    return {
      message: `${name} is no longer at the market. Its products are no longer on sale here.`,
      undo: { label: "Undo", fields: { intent: "add", subject, stall } },
    };
  },
  add: async ({ api, market, fields }) => {
    const farmId = farmIdOf(fields.text("subject"));
    const farm = await api.marketDesk.farms.add({ marketId: market.id, farmId, stall: fields.text("stall") });
    return {
      message: `${farm.name} is at the market.`,
      undo: {
        label: "Undo",
        fields: { intent: "remove", subject: farmId, stall: farm.stall, name: farm.name },
      },
    };
  },
});

const farmIdOf = (text: string): FarmId => parseId<FarmId>(text);

type View = Awaited<ReturnType<typeof loader>>;

export const meta = titled("Farms");

export default function MarketFarms() {
  const { slug, farms, find, candidates } = useLoaderData<typeof loader>();
  const outcome = useOutcome();
  return (
    <>
      <PageHead
        title="Farms"
        lead={`${farms.length} farms have a stall here.`}
        actions={
          <LinkButton href={`/portal/markets/${slug}/farms/new`} icon="plus">
            New farm
          </LinkButton>
        }
      />
      <OutcomeNotice done={{ created: "The farm is created and has its stall." }} />
      {farms.length === 0 && (
        <EmptyState title="No farm yet" headingLevel={2}>
          Create one, or give a stall to one that is on the platform.
        </EmptyState>
      )}
      <ul className="farm-rows">
        {farms.map((farm) => (
          <FarmRow key={farm.id} farm={farm} outcome={outcome} />
        ))}
      </ul>
      <Card title="Give a stall to a farm of the platform">
        <Form method="get" className="filter" role="search">
          <Input
            name="find"
            type="search"
            aria-label="Name of the farm"
            placeholder="Name of the farm"
            minLength={2}
            required
            defaultValue={find}
          />
          <Button type="submit" tone="secondary">
            Find
          </Button>
        </Form>
        {candidates && <Candidates candidates={candidates} find={find} />}
      </Card>
    </>
  );
}

function FarmRow({ farm, outcome }: { farm: View["farms"][number]; outcome: Outcome | undefined }) {
  const stall = formState(outcome, "stall", farm.id);
  const owner = formState(outcome, "owner", farm.id);
  const hasOwner = farm.members.some(({ role }) => role === "owner");
  return (
    <li className="farm-row card">
      <FarmMark name={farm.name} />
      <div className="farm-row__text">
        <h2 className="farm-row__name">
          <Anchor href={`/farms/${farm.slug}`}>{farm.name}</Anchor>
        </h2>
        <p className="small soft">{farm.town}</p>
        <p className="small">
          {farm.members.length === 0
            ? "Nobody belongs to it yet."
            : farm.members.map(({ name, role }) => (role === "owner" ? `${name} (owner)` : name)).join(", ")}
        </p>
      </div>
      <Form method="post" className="farm-row__stall" preventScrollReset key={farm.stall}>
        <input type="hidden" name="intent" value="stall" />
        <input type="hidden" name="subject" value={farm.id} />
        <input type="hidden" name="before" value={farm.stall} />
        <InputField
          label={
            <>
              Stall<span className="visually-hidden"> of {farm.name}</span>
            </>
          }
          name="stall"
          short
          maxLength={60}
          defaultValue={stall.value("stall", farm.stall)}
          error={stall.problem("stall")}
        />
        <Button type="submit" tone="secondary" size="small">
          Set
        </Button>
      </Form>
      {!hasOwner && (
        <Form method="post" className="farm-row__stall" preventScrollReset>
          <input type="hidden" name="intent" value="owner" />
          <input type="hidden" name="subject" value={farm.id} />
          <InputField label="Owner's e-mail" type="email" {...owner.field("email")} required />
          <Button type="submit" tone="secondary" size="small">
            Hand over
          </Button>
        </Form>
      )}
      <Act
        intent="remove"
        subject={farm.id}
        fields={{ stall: farm.stall, name: farm.name }}
        label="Remove"
        about={`Remove ${farm.name} from the market`}
        tone="quiet"
      />
    </li>
  );
}

function Candidates({ candidates, find }: { candidates: NonNullable<View["candidates"]>; find: string }) {
  if (candidates.length === 0) {
    return <p className="soft">No farm without a stall here is called "{find}".</p>;
  }
  return (
    <ul className="plain-list">
      {candidates.map((farm) => (
        <li key={farm.id} className="cluster cluster--apart">
          <span>
            {farm.name} <span className="soft small">{farm.town}</span>
          </span>
          <Act intent="add" subject={farm.id} label="Give a stall" about={`Give ${farm.name} a stall`} />
        </li>
      ))}
    </ul>
  );
}
