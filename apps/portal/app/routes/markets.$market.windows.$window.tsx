import { atMarketTime, parseId, type PickupSlotId } from "@almanac/kernel";
import { Badge, Button, Card, EmptyState, InputField, PageHead } from "@almanac/ui";
import { Form, useLoaderData } from "@remix-run/react";
import type { CSSProperties } from "react";
import { formState, useOutcome, type Outcome } from "../outcome.ts";
import { Act, AskFirst, useBusy } from "../parts/forms/act.tsx";
import { BackLink, OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { titled } from "../parts/frame/titled.ts";
import type { Fields } from "../server/request/fields.ts";
import { marketAction, marketLoader } from "../server/request/handlers.ts";
import { notFound } from "../server/request/person.ts";
import {
  findWindow,
  marketMoment,
  placesTaken,
  windowIdOf,
  windowView,
  type WindowView,
} from "../server/operate/windows.ts";

export const loader = marketLoader(async ({ api, market, params, now }) => {
  const window = await findWindow(api, market, params["window"] ?? "");
  if (!window) throw notFound("There is no such order window.");
  return {
    slug: market.slug,
    window: windowView(window, market.timeZone, await placesTaken(api, market, [window]), now),
  };
});

export const action = marketAction({
  times: async ({ api, market, fields, params }) => {
    const opensAt = marketMoment(fields, "opensAt", market.timeZone);
    const closesAt = marketMoment(fields, "closesAt", market.timeZone);
    fields.done();
    const windowId = windowIdOf(params["window"] ?? "");
    await api.marketDesk.windows.update({
      marketId: market.id,
      windowId,
      ...(opensAt && { opensAt }),
      ...(closesAt && { closesAt }),
    });
    return { message: "The hours are set." };
  },
  addSlot: async ({ api, market, fields, params }) => {
    const window = await findWindow(api, market, params["window"] ?? "");
    if (!window) throw notFound("There is no such order window.");
    const at = (name: string) => timeOfDay(fields, name, window.marketDay, market.timeZone);
    const slot = {
      startsAt: at("startsAt"),
      endsAt: at("endsAt"),
      capacityOrders: fields.whole("capacityOrders", { min: 0, max: 10_000 }),
    };
    fields.done();
    await api.marketDesk.slots.create({ marketId: market.id, windowId: window.id, ...slot });
    return { message: "The slot is added." };
  },
  resize: async ({ api, market, fields }) => {
    const capacityOrders = fields.whole("capacityOrders", { min: 0, max: 10_000 });
    const before = fields.text("before");
    fields.done();
    const slotId = parseId<PickupSlotId>(fields.text("subject"));
    await api.marketDesk.slots.update({ marketId: market.id, slotId, capacityOrders });
    return {
      message: `The slot takes ${capacityOrders} orders now.`,
      ...(before && {
        undo: { label: "Undo", fields: { intent: "resize", subject: slotId, capacityOrders: before } },
      }),
    };
  },
  removeSlot: async ({ api, market, fields }) => {
    const slotId = parseId<PickupSlotId>(fields.text("subject"));
    await api.marketDesk.slots.remove({ marketId: market.id, slotId });
    return { message: "The slot is removed." };
  },
  cancel: async ({ api, market, params }) => {
    const windowId = windowIdOf(params["window"] ?? "");
    await api.marketDesk.windows.cancel({ marketId: market.id, windowId });
    return {
      message: "Cancelled: nobody can order for this day.",
      undo: { label: "Undo", fields: { intent: "restore" } },
    };
  },
  restore: async ({ api, market, params }) => {
    const windowId = windowIdOf(params["window"] ?? "");
    await api.marketDesk.windows.update({ marketId: market.id, windowId, isCancelled: false });
    return { message: "It takes place." };
  },
});

function timeOfDay(fields: Fields, name: string, day: string, timeZone: string): string {
  const match = /^(\d{2}):(\d{2})/.exec(fields.text(name));
  if (!match) fields.wrong(name, "A time such as 08:00.");
  return atMarketTime(day, Number(match?.[1] ?? 0), Number(match?.[2] ?? 0), timeZone).toISOString();
}

export const meta = titled<typeof loader>(({ window }) => window.day);

export default function OrderWindow() {
  const { slug, window } = useLoaderData<typeof loader>();
  const outcome = useOutcome();
  const times = formState(outcome, "times");
  const add = formState(outcome, "addSlot");
  const busy = useBusy("addSlot");
  const isCancelled = window.state === "cancelled";
  return (
    <>
      <PageHead
        title={window.day}
        lead={
          window.taken === undefined
            ? `${window.slots.length} pickup slots for ${window.capacity} orders.`
            : `${window.taken} of ${window.capacity} pickup places are taken.`
        }
        actions={<BackLink href={`/portal/markets/${slug}`}>Order windows</BackLink>}
      />
      <OutcomeNotice done={{ created: "Planned. Orders are taken as it says here." }} />
      <div className="beside">
        <Card
          title="Pickup slots"
          aside={<Badge tone={isCancelled ? "urgent" : "calm"}>{window.state}</Badge>}
        >
          {window.slots.length === 0 && (
            <EmptyState title="No slot yet">Without one, nobody can check out.</EmptyState>
          )}
          <ul className="slot-rows">
            {window.slots.map((slot) => (
              <SlotRow key={slot.id} slot={slot} outcome={outcome} />
            ))}
          </ul>
          <details className="fold" open={add.refused}>
            <summary>Add a slot</summary>
            <Form method="post" className="field-row fold__body" preventScrollReset key={window.slots.length}>
              <input type="hidden" name="intent" value="addSlot" />
              <InputField label="From" type="time" {...add.field("startsAt")} required />
              <InputField label="To" type="time" {...add.field("endsAt")} required />
              <InputField
                label="Orders"
                type="number"
                {...add.field("capacityOrders", 40)}
                min={0}
                max={10000}
                numeric
                short
                required
              />
              <Button type="submit" busy={busy}>
                Add
              </Button>
            </Form>
          </details>
        </Card>
        <Card title="Orders are taken">
          <Form method="post" className="stack" preventScrollReset>
            <input type="hidden" name="intent" value="times" />
            <InputField
              label="From"
              type="datetime-local"
              {...times.field("opensAt", window.opensInput)}
              required
            />
            <InputField
              label="Until"
              type="datetime-local"
              {...times.field("closesAt", window.closesInput)}
              required
            />
            <div>
              <Button type="submit">Set the hours</Button>
            </div>
          </Form>
          {isCancelled ? (
            <Act intent="restore" label="It takes place after all" />
          ) : (
            <Act intent="cancel" label="Cancel this market day" tone="quiet" icon="close" />
          )}
        </Card>
      </div>
    </>
  );
}

type TakenStyle = CSSProperties & { "--taken": number };

function SlotRow({ slot, outcome }: { slot: WindowView["slots"][number]; outcome: Outcome | undefined }) {
  const form = formState(outcome, "resize", slot.id);
  const isFull = slot.taken !== undefined && slot.taken >= slot.capacity;
  const style: TakenStyle = {
    "--taken": slot.capacity > 0 ? Math.min(1, (slot.taken ?? 0) / slot.capacity) : 1,
  };
  return (
    <li className="slot-row">
      <div className="slot-row__time numeric">
        {slot.from} <span className="soft">to {slot.to}</span>
      </div>
      <div className="slot-row__fill">
        {slot.taken !== undefined && (
          <>
            <span
              className={isFull ? "slot-meter slot-meter--full" : "slot-meter"}
              style={style}
              aria-hidden
            />
            <span className="small">
              {slot.taken} of {slot.capacity} taken{isFull && ", full"}
            </span>
          </>
        )}
      </div>
      <Form method="post" className="slot-row__form" preventScrollReset key={slot.capacity}>
        <input type="hidden" name="intent" value="resize" />
        <input type="hidden" name="subject" value={slot.id} />
        <input type="hidden" name="before" value={slot.capacity} />
        <InputField
          label={<span className="visually-hidden">Orders from {slot.from}</span>}
          type="number"
          name="capacityOrders"
          min={0}
          max={10000}
          numeric
          short
          required
          defaultValue={form.value("capacityOrders", slot.capacity)}
          error={form.problem("capacityOrders")}
        />
        <Button type="submit" tone="secondary" size="small">
          Set
        </Button>
      </Form>
      <AskFirst
        label="Remove"
        about={`Remove the slot of ${slot.from}`}
        question="Nobody can choose it any more. A slot with orders stays."
      >
        <Act intent="removeSlot" subject={slot.id} label="Remove it" tone="warm" />
      </AskFirst>
    </li>
  );
}
