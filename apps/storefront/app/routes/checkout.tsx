import { trpc, useCart, useSeed, type Cart } from "@almanac/client/react";
import { newId, type PickupSlotId, type VariantId } from "@almanac/kernel";
import {
  Button,
  Card,
  Checkbox,
  EmptyState,
  FormError,
  InputField,
  LinkButton,
  Notice,
  PageHead,
  SlotPicker,
  Stepper,
  Totals,
  amountOf,
  useToasts,
} from "@almanac/ui";
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useNavigation } from "@remix-run/react";
import { Instead } from "../cart/instead.tsx";
import { basketTotals, holdWords } from "../cart/totals.tsx";
import { textOf } from "../server/answer.server.ts";
import { useVisit } from "../shell/visit.ts";
import { freeTimes } from "../words/free-times.ts";
import { atMarket, dayInWords } from "../words/dates.ts";
import { findRefusal } from "../words/refusals.ts";

export const meta: MetaFunction = () => [{ title: "Checkout · Almanac" }];

export async function loader({ context: { api } }: LoaderFunctionArgs) {
  return { offered: await api.checkout.slots(), idempotencyKey: newId<PickupSlotId>() as string };
}

/** Codes after which the very same request may still succeed: its key is kept, so that it cannot succeed twice. */
const retryable = new Set([
  "payment_provider_down",
  "database_unavailable",
  "starting_up",
  "too_many_requests",
]);

export async function action({ request, context: { api } }: ActionFunctionArgs) {
  const form = await request.formData();
  const idempotencyKey = textOf(form, "idempotencyKey");
  const contactName = textOf(form, "contactName");
  const acceptRemovals = form
    .getAll("acceptRemovals")
    .filter((value) => typeof value === "string") as VariantId[];
  const pickupSlotId = textOf(form, "slot") as PickupSlotId;
  let number: string;
  try {
    const order = await api.orders.place({
      pickupSlotId,
      idempotencyKey,
      ...(contactName && { contactName }),
      ...(acceptRemovals.length > 0 && { acceptRemovals }),
    });
    number = order.number;
  } catch (error) {
    const refusal = findRefusal(error);
    if (!refusal) throw error;
    return {
      code: refusal.code,
      words: pickupSlotId ? refusal.text : "Please choose when you come.",
      alternatives: freeTimes(refusal.details),
      names: namesOf(refusal.details),
      contactName,
      ...(retryable.has(refusal.code) && { idempotencyKey }),
    };
  }
  return redirect(`/orders/${number}?placed=1`, 303);
}

/** The times to choose from, as loaded and then as places are taken. */
function useSlots() {
  const { offered } = useLoaderData<typeof loader>();
  const utils = trpc.useUtils();
  useSeed(offered, (loaded) => utils.checkout.slots.setData(undefined, loaded));
  return trpc.checkout.slots.useQuery(undefined, { initialData: offered, refetchInterval: slotsEveryMs }).data
    .slots;
}

const slotsEveryMs = 30_000;

export default function Checkout() {
  const cart = useCart();
  const slots = useSlots();
  const { state } = useNavigation();
  if (!cart || cart.lines.length === 0) {
    // That the basket is empty is often known before the order's own page is there.
    if (state !== "idle") return <OrderOnItsWay />;
    return (
      <EmptyState
        title="There is nothing to check out"
        headingLevel={1}
        actions={
          <>
            <LinkButton href="/">See what is good this week</LinkButton>
            <LinkButton href="/orders" tone="secondary">
              Your orders
            </LinkButton>
          </>
        }
      />
    );
  }
  return (
    <div className="stack">
      <PageHead
        title="Checkout"
        lead={`Collect at ${cart.marketName}${cart.window ? ` on ${dayInWords(cart.window.marketDay)}` : ""}.`}
      />
      <Steps current={1} />
      {slots.length === 0 ? (
        <Notice tone="urgent" title="No pickup is planned yet">
          Your basket stays as it is. Come back when the next market day is planned.
        </Notice>
      ) : (
        <CheckoutForm cart={cart} slots={slots} />
      )}
    </div>
  );
}

function OrderOnItsWay() {
  return (
    <div className="stack">
      <PageHead title="Checkout" lead="Your order is being written down." />
      <Steps current={2} />
    </div>
  );
}

function Steps({ current }: { current: number }) {
  return (
    <Stepper
      label="Checkout"
      current={current}
      steps={[{ label: "Basket", href: "/cart" }, { label: "Pickup and payment" }, { label: "Done" }]}
    />
  );
}

function CheckoutForm({ cart, slots }: { cart: Cart; slots: ReturnType<typeof useSlots> }) {
  const { idempotencyKey } = useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  const { me } = useVisit();
  const { state } = useNavigation();
  const missing = cart.lines.filter((line) => line.problem === "sold_out" || line.problem === "delisted");
  const short = cart.lines.filter((line) => line.problem === "not_enough");
  // "Undo" of something in the basket would come too late once it is ordered.
  const { clear } = useToasts();
  const hold = holdWords(cart);
  const firstFree = slots.find((slot) => slot.placesLeft > 0);
  const time = (iso: string) => atMarket(iso, cart.timeZone, "time");
  return (
    <Form method="post" className="beside" replace onSubmit={clear}>
      <input type="hidden" name="idempotencyKey" value={refused?.idempotencyKey ?? idempotencyKey} />
      <div className="stack">
        {refused && (
          <FormError title={refused.words}>
            {refused.alternatives.length > 0 && (
              <p>Still free: {refused.alternatives.map(time).join(" or ")}.</p>
            )}
            {refused.names && <p>{refused.names}</p>}
          </FormError>
        )}
        {missing.map((line) => (
          <Notice
            key={line.variantId}
            tone="urgent"
            title={`${line.name} is ${line.problem === "sold_out" ? "sold out" : "not on sale any more"}`}
          >
            <Checkbox
              name="acceptRemovals"
              value={line.variantId}
              defaultChecked
              label={`Order the rest without ${line.name}`}
            />
            <Instead line={line} />
          </Notice>
        ))}
        {short.map((line) => (
          <Notice
            key={line.variantId}
            tone="urgent"
            title={`Only ${line.availableQuantity} left of ${line.name}`}
            actions={
              <LinkButton href="/cart" tone="secondary" size="small">
                Change the amount
              </LinkButton>
            }
          />
        ))}
        <Card>
          <SlotPicker
            legend="When will you come?"
            name="slot"
            required
            {...(firstFree && { defaultValue: firstFree.id })}
            slots={slots.map((slot) => ({
              id: slot.id,
              time: time(slot.startsAt),
              capacity: slot.capacityOrders,
              left: slot.placesLeft,
            }))}
          />
        </Card>
        <Card>
          <InputField
            label="Name on the bag"
            name="contactName"
            autoComplete="name"
            maxLength={100}
            optional
            defaultValue={refused?.contactName ?? me.name ?? ""}
            hint="We call it at the stall."
          />
        </Card>
      </div>
      <div className="stack beside__sticky">
        <Card title="To pay">
          <Totals items={basketTotals(cart)} />
        </Card>
        {hold && (
          <Notice icon="scale" title={hold.title}>
            {hold.text}
          </Notice>
        )}
        <Notice icon="info">This shop runs with a practice card: no real money moves.</Notice>
        <Button type="submit" size="large" wide busy={state === "submitting"}>
          Place order, {amountOf(cart.subtotalCents)}
        </Button>
      </div>
    </Form>
  );
}

function namesOf({ lines }: Readonly<Record<string, unknown>>): string | undefined {
  if (!Array.isArray(lines)) return undefined;
  const parts = lines.flatMap((line: unknown) => {
    if (typeof line !== "object" || line === null || !("name" in line)) return [];
    const left = "availableQuantity" in line ? Number(line.availableQuantity) : 0;
    return [`${String(line.name)}: ${left > 0 ? `only ${left} left` : "sold out"}`];
  });
  return parts.length > 0 ? `${parts.join(". ")}.` : undefined;
}
