import { Anchor, Badge, Button, Card, InputField, PageHead, StatTile, Table, type Tone } from "@almanac/ui";
import { redirect } from "@remix-run/node";
import { Form, useLoaderData } from "@remix-run/react";
import { formState, useOutcome } from "../outcome.ts";
import { Act, useBusy } from "../parts/forms/act.tsx";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { PageTurn } from "../parts/frame/page-turn.tsx";
import { titled } from "../parts/frame/titled.ts";
import { dayInWords, shortDay } from "../server/words/dates.ts";
import { marketAction, marketLoader } from "../server/request/handlers.ts";
import {
  marketMoment,
  placesTaken,
  windowIdOf,
  windowView,
  type WindowView,
} from "../server/operate/windows.ts";

export const loader = marketLoader(async ({ api, market, url, now }) => {
  const before = url.searchParams.get("before") ?? undefined;
  const cursor = before && /^\d{4}-\d{2}-\d{2}$/.test(before) ? before : undefined;
  const [{ items, nextCursor }, farms] = await Promise.all([
    api.marketDesk.windows.list({ marketId: market.id, limit: 12, ...(cursor && { cursor }) }),
    api.marketDesk.farms.list({ marketId: market.id }),
  ]);
  const taken = await placesTaken(api, market, items);
  const windows = items.map((window) => windowView(window, market.timeZone, taken, now));
  const next = market.nextWindow;
  return {
    market: { slug: market.slug, name: market.name, timeZone: market.timeZone },
    farms: farms.length,
    next: next && {
      short: shortDay(next.marketDay),
      isOpen: next.isOpen,
      view: windows.find(({ id }) => id === next.id),
    },
    windows,
    hasHabit: windows.some(({ state }) => state !== "cancelled"),
    nextCursor,
    isFirstPage: cursor === undefined,
  };
});

export const action = marketAction({
  create: async ({ api, market, fields }) => {
    const marketDay = fields.text("marketDay", { required: "Choose the market day." });
    const opensAt = marketMoment(fields, "opensAt", market.timeZone);
    const closesAt = marketMoment(fields, "closesAt", market.timeZone);
    const wholeIfGiven = (name: string, range: { min: number; max: number }) =>
      fields.optional(name) === undefined ? undefined : fields.whole(name, range);
    const slotMinutes = wholeIfGiven("slotMinutes", { min: 10, max: 1_440 });
    const slotCapacityOrders = wholeIfGiven("slotCapacityOrders", { min: 0, max: 10_000 });
    fields.done();
    const made = await api.marketDesk.windows.create({
      marketId: market.id,
      marketDay,
      ...(slotMinutes !== undefined && { slotMinutes }),
      ...(slotCapacityOrders !== undefined && { slotCapacityOrders }),
      ...(opensAt && { opensAt }),
      ...(closesAt && { closesAt }),
    });
    return redirect(`/markets/${market.slug}/windows/${made.id}?done=created`);
  },
  extend: async ({ api, market, fields }) => {
    const weeks = fields.whole("weeks", { min: 1, max: 12 });
    fields.done();
    const { made } = await api.marketDesk.windows.extend({ marketId: market.id, weeks });
    if (made > 0)
      return { message: `${made} market ${made === 1 ? "day is" : "days are"} planned, as the latest was.` };
    const { items } = await api.marketDesk.windows.list({ marketId: market.id });
    if (items.every(({ isCancelled }) => isCancelled))
      return {
        message: "There is no market day to go by yet. Plan one below, and the next weeks follow it.",
      };
    return { message: "These weeks are planned already." };
  },
  cancel: async ({ api, market, fields, now }) => {
    const windowId = windowIdOf(fields.text("subject"));
    const cancelled = await api.marketDesk.windows.cancel({ marketId: market.id, windowId });
    return {
      message: `${dayInWords(cancelled.marketDay, now)} is cancelled: nobody can order for it.`,
      undo: { label: "Undo", fields: { intent: "restore", subject: windowId } },
    };
  },
  restore: async ({ api, market, fields, now }) => {
    const windowId = windowIdOf(fields.text("subject"));
    const window = await api.marketDesk.windows.update({ marketId: market.id, windowId, isCancelled: false });
    return { message: `${dayInWords(window.marketDay, now)} takes place.` };
  },
});

const stateTones: Readonly<Record<string, Tone>> = { open: "good", cancelled: "urgent" };

export const meta = titled("Order windows");

export default function OrderWindows() {
  const { market, farms, next, windows, hasHabit, nextCursor, isFirstPage } = useLoaderData<typeof loader>();
  const outcome = useOutcome();
  const create = formState(outcome, "create");
  const busy = useBusy("create");
  const home = `/portal/markets/${market.slug}`;
  const emptyMeans = (first: string) => `Left empty: ${hasHabit ? "as for the latest market day" : first}`;
  const slotsAsUsual = "Both left empty: slots as on the latest market day";
  return (
    <>
      <PageHead
        title="Order windows"
        lead={`When orders are taken for each market day. All times are ${market.timeZone.replaceAll("_", " ")}.`}
      />
      <OutcomeNotice />
      <div className="tile-grid">
        <StatTile
          label="Next market day"
          value={next?.short ?? "none"}
          change={
            next
              ? {
                  text: next.isOpen ? "orders are open" : "orders open later",
                  tone: next.isOpen ? "good" : "calm",
                }
              : undefined
          }
        />
        <StatTile
          label="Pickup places taken"
          value={next?.view?.taken ?? "–"}
          unit={next?.view ? `of ${next.view.capacity}` : undefined}
        />
        <StatTile label="Farms" value={farms} href={`${home}/farms`} />
      </div>
      <Table
        caption="Market days, the latest first"
        folds
        rows={windows}
        rowKey={({ id }) => id}
        empty="No market day is planned. Plan the first one below."
        columns={[
          {
            key: "day",
            header: "Market day",
            rowHeader: true,
            cell: (window) => <Anchor href={`${home}/windows/${window.id}`}>{window.day}</Anchor>,
          },
          {
            key: "state",
            header: "State",
            cell: (window) => <Badge tone={stateTones[window.state]}>{window.state}</Badge>,
          },
          {
            key: "hours",
            header: "Orders are taken",
            cell: ({ opens, closes }) => (
              <span className="small">
                <span className="nowrap">from {opens}</span>
                <br />
                <span className="nowrap">until {closes}</span>
              </span>
            ),
          },
          {
            key: "places",
            header: "Places taken",
            numeric: true,
            cell: (window) => `${window.taken} of ${window.capacity}`,
          },
          {
            key: "act",
            header: <span className="visually-hidden">Act</span>,
            cell: (window) => <WindowAct window={window} />,
          },
        ]}
      />
      <PageTurn isFirstPage={isFirstPage} nextCursor={nextCursor} label="Earlier" />
      <div className="beside beside--even">
        <Card title="Plan the next weeks">
          <Form method="post" className="stack" preventScrollReset>
            <input type="hidden" name="intent" value="extend" />
            <InputField
              label="Weeks ahead"
              hint="Hours and slots as for the latest market day. Days that are planned stay as they are."
              name="weeks"
              type="number"
              min={1}
              max={12}
              numeric
              short
              required
              defaultValue={formState(outcome, "extend").value("weeks", 4)}
            />
            <div>
              <Button type="submit">Plan them</Button>
            </div>
          </Form>
        </Card>
        <Card title="Plan one market day">
          <Form method="post" className="stack" preventScrollReset>
            <input type="hidden" name="intent" value="create" />
            <InputField label="Market day" {...create.field("marketDay")} type="date" required />
            <div className="field-row">
              <InputField
                label="Orders from"
                optional
                hint={emptyMeans("08:00 six days before")}
                {...create.field("opensAt")}
                type="datetime-local"
              />
              <InputField
                label="Orders until"
                optional
                hint={emptyMeans("20:00 two days before")}
                {...create.field("closesAt")}
                type="datetime-local"
              />
            </div>
            <div className="field-row">
              <InputField
                label="A slot lasts"
                optional
                hint={hasHabit ? slotsAsUsual : "Left empty: an hour"}
                {...create.field("slotMinutes")}
                type="number"
                min={10}
                max={1440}
                numeric
                short
                suffix="min"
              />
              <InputField
                label="Orders in a slot"
                optional
                hint={hasHabit ? slotsAsUsual : "Left empty: 40"}
                {...create.field("slotCapacityOrders")}
                type="number"
                min={0}
                max={10000}
                numeric
                short
              />
            </div>
            <div>
              <Button type="submit" busy={busy}>
                Plan it
              </Button>
            </div>
          </Form>
        </Card>
      </div>
    </>
  );
}

function WindowAct({ window }: { window: WindowView }) {
  if (window.state === "cancelled") {
    return <Act intent="restore" subject={window.id} label="Restore" about={`Restore ${window.day}`} />;
  }
  if (window.state === "closed") return null;
  return (
    <Act intent="cancel" subject={window.id} label="Cancel" tone="quiet" about={`Cancel ${window.day}`} />
  );
}
