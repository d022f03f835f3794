import type { PickupSlotId, VariantId } from "@almanac/kernel";
import {
  amountOf,
  Anchor,
  Badge,
  Button,
  Card,
  LinkButton,
  Notice,
  PageHead,
  Price,
  ProductRow,
  QuantityStepper,
  SlotPicker,
  Timeline,
  Totals,
} from "@almanac/ui";
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useLoaderData, useSearchParams } from "@remix-run/react";
import {
  isAhead,
  orderTimeline,
  paymentWords,
  pickupWord,
  statusWords,
  whyNotEditable,
} from "../orders/timeline.ts";
import { pictureOf } from "../products/card.ts";
import { loadBeside, loadOr404, runForm, textOf } from "../server/answer.server.ts";
import { ActionForm } from "../shell/action-form.tsx";
import { freeTimes } from "../words/free-times.ts";
import { atMarket, dayInWords } from "../words/dates.ts";

export async function loader({ params, context: { api } }: LoaderFunctionArgs) {
  const order = await loadOr404(api.orders.get({ number: params["number"] ?? "" }));
  const { number } = order;
  return {
    order,
    slots: order.isEditable ? await loadBeside(() => api.orders.slots({ number })) : undefined,
  };
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data ? `Order ${data.order.number} · Almanac` : "Order · Almanac" },
];

export async function action({ request, params, context: { api } }: ActionFunctionArgs) {
  const form = await request.formData();
  const number = params["number"] ?? "";
  if (form.get("intent") === undefined) throw redirect(`/orders/${number}`);
  return runForm(form, async () => {
    if (textOf(form, "intent") === "cancel") {
      await api.orders.cancel({ number });
      return { message: "The order is cancelled and nothing will be charged." };
    }
    if (textOf(form, "intent") === "slot") {
      const pickupSlotId = textOf(form, "slot") as PickupSlotId;
      await api.orders.changeSlot({ number, pickupSlotId });
      return { message: "Your pickup time is changed." };
    }
    const variantId = textOf(form, "variantId") as VariantId;
    const before = Number(textOf(form, "before"));
    const quantity = Math.max(0, Number(textOf(form, "quantity")) + Number(textOf(form, "step") || "0"));
    await api.orders.changeLine({ number, variantId, quantity });
    if (quantity > 0 || !(before > 0)) return { message: "Your order is changed." };
    const name = textOf(form, "name") || "It";
    const fields = { intent: "change", variantId, quantity: String(before) };
    return { message: `${name} is out of your order.`, undo: { action: `/orders/${number}`, fields } };
  });
}

export default function Order() {
  const { order } = useLoaderData<typeof loader>();
  const [search] = useSearchParams();
  const total = order.subOrders.some(({ lines }) =>
    lines.some((line) => line.isWeighed && line.weighedBase === null),
  );
  return (
    <div className="stack stack--loose">
      <PageHead
        title={`Order ${order.number}`}
        lead={<PickupWords />}
        actions={
          <Badge tone={order.status === "cancelled" ? "calm" : "good"}>{statusWords[order.status]}</Badge>
        }
      />
      {search.get("placed") === "1" && order.status !== "cancelled" && (
        <Notice
          tone="good"
          announce="status"
          title="Thank you, your order is placed"
          actions={
            <LinkButton href="/" tone="secondary" size="small">
              Look around
            </LinkButton>
          }
        >
          The farms see it now.{" "}
          {order.isEditable && order.editableUntil && (
            <>You can change it until {atMarket(order.editableUntil, order.timeZone, "weekday-time")}.</>
          )}
        </Notice>
      )}
      <div className="beside">
        <div className="stack">
          {order.subOrders.map((part) => (
            <FarmPart key={part.id} part={part} />
          ))}
        </div>
        <div className="stack beside__sticky">
          <Card title="Its way" headingLevel={2}>
            <Timeline label="The order's way" items={orderTimeline(order)} />
          </Card>
          <Card title="Payment" headingLevel={2}>
            <Totals
              items={[
                ...order.subOrders.map((part) => ({
                  term: part.farm.name,
                  value: amountOf(part.subtotalCents),
                })),
                { term: total ? "Total, estimated" : "Total", value: amountOf(order.totalCents), sum: true },
              ]}
            />
            <p className="soft small">{paymentWords(order.payment)}</p>
          </Card>
          <PickupTime />
          <ChangeOrCancel />
        </div>
      </div>
    </div>
  );
}

type OrderData = ReturnType<typeof useLoaderData<typeof loader>>["order"];

function PickupWords() {
  const { order } = useLoaderData<typeof loader>();
  if (!order.marketDay) return <>{`${order.marketName}, ${dayInWords(order.placedAt)}`}</>;
  const time = order.slot
    ? ` between ${atMarket(order.slot.startsAt, order.timeZone, "time")} and ${atMarket(order.slot.endsAt, order.timeZone, "time")}`
    : "";
  return (
    <>
      {pickupWord(order.status)} at {order.marketName} on {dayInWords(order.marketDay)}
      {time}.{" "}
      {order.slot && isAhead(order.status) && (
        <a href={`/orders/${order.number}/calendar`} download>
          Put it in my calendar
        </a>
      )}
    </>
  );
}

function FarmPart({ part }: { part: OrderData["subOrders"][number] }) {
  const { order } = useLoaderData<typeof loader>();
  // Without its last line there is no order: that is cancelled below, where it is asked first.
  const least = order.subOrders.flatMap(({ lines }) => lines).length > 1 ? 0 : 1;
  return (
    <Card
      headingLevel={2}
      title={<Anchor href={`/farms/${part.farm.slug}`}>{part.farm.name}</Anchor>}
      aside={<Badge>{statusWords[part.status]}</Badge>}
    >
      {part.lines.map((line) => (
        <ProductRow
          key={line.id}
          href={`/products/${line.slug}`}
          name={line.name}
          picture={pictureOf(line)}
          detail={`${line.quantity} × ${line.variantName}${weighedWords(line, order.status)}`}
          end={<Price cents={line.totalCents} />}
          controls={
            order.isEditable ? (
              <ActionForm
                action={`/orders/${order.number}`}
                fields={{
                  intent: "change",
                  variantId: line.variantId,
                  name: line.name,
                  before: String(line.quantity),
                }}
              >
                {() => <QuantityStepper label={line.name} value={line.quantity} min={least} max={99} />}
              </ActionForm>
            ) : order.status === "collected" ? (
              <LinkButton href={`/products/${line.slug}#ratings-title`} tone="secondary" size="small">
                Rate it
              </LinkButton>
            ) : undefined
          }
        />
      ))}
    </Card>
  );
}

function weighedWords(
  line: OrderData["subOrders"][number]["lines"][number],
  status: OrderData["status"],
): string {
  if (!line.isWeighed) return "";
  if (line.weighedBase === null) return isAhead(status) ? ", to be weighed" : "";
  return line.baseUnit === "g" ? `, ${(line.weighedBase / 1000).toFixed(3)} kg on the scale` : "";
}

/** Another pickup time of the same day, until the cut-off. */
function PickupTime() {
  const { order, slots } = useLoaderData<typeof loader>();
  if (!order.isEditable || !order.slot || !slots || slots.length < 2) return null;
  const time = (iso: string) => atMarket(iso, order.timeZone, "time");
  const now = order.slot.id;
  return (
    <details className="card">
      <summary className="button button--secondary">Come at another time</summary>
      <ActionForm action={`/orders/${order.number}`} fields={{ intent: "slot" }} className="stack">
        {({ busy, answer }) => (
          <>
            {answer && !answer.ok && (
              <Notice tone="urgent" announce="alert" title={answer.message}>
                {freeTimes(answer.details).length > 0 &&
                  `Still free: ${freeTimes(answer.details).map(time).join(" or ")}.`}
              </Notice>
            )}
            <SlotPicker
              key={now}
              legend="When will you come?"
              name="slot"
              required
              defaultValue={now}
              slots={slots.map((slot) => ({
                id: slot.id,
                time: time(slot.startsAt),
                capacity: slot.capacityOrders,
                // Its own place is not one that somebody else could take from it.
                left: slot.id === now ? Math.max(1, slot.placesLeft) : slot.placesLeft,
              }))}
            />
            <div>
              <Button type="submit" tone="secondary" busy={busy}>
                Change the time
              </Button>
            </div>
          </>
        )}
      </ActionForm>
    </details>
  );
}

function ChangeOrCancel() {
  const { order } = useLoaderData<typeof loader>();
  if (!order.isEditable) {
    if (order.status !== "placed" && order.status !== "ready") return null;
    const { editableUntil, timeZone, editRefusal } = order;
    return (
      <Notice icon="clock" title="It can no longer be changed or cancelled">
        {whyNotEditable(editRefusal)}
        {editRefusal === "cut_off_passed" &&
          editableUntil &&
          ` Changes were possible until ${atMarket(editableUntil, timeZone, "weekday-time")}.`}
      </Notice>
    );
  }
  return (
    <details className="card" data-focus-after="heading">
      <summary className="button button--secondary">Cancel this order</summary>
      <div className="stack">
        <p>The farms keep what is in it for others, and nothing is charged.</p>
        <ActionForm action={`/orders/${order.number}`} fields={{ intent: "cancel" }}>
          {({ busy }) => (
            <Button type="submit" tone="warm" busy={busy}>
              Yes, cancel order {order.number}
            </Button>
          )}
        </ActionForm>
      </div>
    </details>
  );
}
