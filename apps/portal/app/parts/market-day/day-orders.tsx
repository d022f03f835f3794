import { Badge, Button, Card, Input } from "@almanac/ui";
import { useFetcher } from "@remix-run/react";
import { useRef } from "react";
import type { Outcome } from "../../outcome.ts";
import type { LineView, OrderView, SlotView } from "../../server/market-day/farm-day.ts";
import { OutcomeLine } from "../forms/outcome-notice.tsx";

export interface DaySlotsProps {
  slots: readonly SlotView[];
  severalMarkets: boolean;
  /** These are what somebody looked for: all of it is shown. */
  isFound: boolean;
}

/**
 * Orders by pickup slot, each with its lines, the scale and the button for handing over. Open is the first slot with something
 * to hand over; the others are one press away, so that a busy day is no endless page on a phone.
 */
export function DaySlots({ slots, severalMarkets, isFound }: DaySlotsProps) {
  const next = slots.find(({ collected, ordered }) => collected < ordered)?.id;
  // A slot stays open when its last order is handed over: that may have to be taken back.
  const opened = useRef(new Set<string>());
  if (next) opened.current.add(next);
  return (
    <div className="stack">
      {slots.map((slot) => (
        <details key={slot.id} className="day-slot" open={isFound || opened.current.has(slot.id)}>
          <summary className="slot-head">
            <h2 className="slot-head__time">
              {slot.from}
              <span className="slot-head__to"> to {slot.to}</span>
            </h2>
            <span className="soft">
              {severalMarkets && <>{slot.market} · </>}
              {slot.collected === slot.ordered
                ? `all ${slot.ordered} collected`
                : `${slot.collected} of ${slot.ordered} collected`}
            </span>
          </summary>
          <ul className="order-list">
            {slot.orders.map((order) => (
              <li key={order.id}>
                <OrderCard order={order} />
              </li>
            ))}
          </ul>
        </details>
      ))}
    </div>
  );
}

function OrderCard({ order }: { order: OrderView }) {
  return (
    <Card className={order.isCollected ? "order order--done" : "order"}>
      <div className="order__head">
        <h3 className="order__number">{order.number}</h3>
        <span className="order__name">{order.name}</span>
        {order.isCollected ? (
          <Badge tone="good" icon="check">
            {order.collectedAt}
          </Badge>
        ) : (
          order.toWeigh > 0 && (
            <Badge tone="urgent" icon="scale">
              {order.toWeigh} to weigh
            </Badge>
          )
        )}
      </div>
      <ul className="order__lines">
        {order.lines.map((line) => (
          <OrderLine key={line.id} line={line} isDone={order.isCollected} />
        ))}
      </ul>
      <div className="order__foot">
        <span className="numeric">{order.subtotal}</span>
        {(!order.isCollected || order.canUndo) && <CollectForm order={order} />}
      </div>
    </Card>
  );
}

function CollectForm({ order }: { order: OrderView }) {
  const fetcher = useFetcher<Outcome>();
  const busy = fetcher.state !== "idle";
  return (
    <>
      <fetcher.Form method="post">
        <input type="hidden" name="intent" value={order.isCollected ? "uncollect" : "collect"} />
        <input type="hidden" name="subject" value={order.id} />
        <input type="hidden" name="number" value={order.number} />
        {order.isCollected ? (
          <Button
            type="submit"
            tone="quiet"
            icon="undo"
            busy={busy}
            aria-label={`Undo: ${order.number} was not collected`}
          >
            Undo
          </Button>
        ) : (
          <Button type="submit" icon="check" busy={busy} aria-label={`${order.number} is collected`}>
            Collected
          </Button>
        )}
      </fetcher.Form>
      {fetcher.data && !fetcher.data.ok && (
        <div className="order__answer">
          <OutcomeLine outcome={fetcher.data} />
        </div>
      )}
    </>
  );
}

function OrderLine({ line, isDone }: { line: LineView; isDone: boolean }) {
  return (
    <li className="order-line">
      <span className="order-line__quantity">{line.quantity} ×</span>
      <span className="order-line__text">
        {line.name}
        <span className="soft small"> {line.variant}</span>
      </span>
      {line.isWeighed && isDone && <span className="numeric soft">{line.weighedText}</span>}
      {line.isWeighed && !isDone && <WeighForm line={line} />}
      {!line.isWeighed && <span className="numeric soft">{line.total}</span>}
    </li>
  );
}

function WeighForm({ line }: { line: LineView }) {
  const fetcher = useFetcher<Outcome>();
  const problem =
    fetcher.data && !fetcher.data.ok ? (fetcher.data.problems["weighed"] ?? fetcher.data.message) : undefined;
  const id = `weigh-${line.id}`;
  return (
    <fetcher.Form method="post" className="weigh">
      <input type="hidden" name="intent" value="weigh" />
      <input type="hidden" name="subject" value={line.id} />
      <input type="hidden" name="unit" value={line.baseUnit} />
      <input type="hidden" name="name" value={line.name} />
      <label className="visually-hidden" htmlFor={id}>
        Weight of {line.name} in {line.unit}, expected {line.expected}
      </label>
      <Input
        id={id}
        name="weighed"
        numeric
        inputMode="decimal"
        autoComplete="off"
        suffix={line.unit}
        placeholder={`≈ ${line.expected}`}
        defaultValue={line.weighed}
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem ? `${id}-problem` : undefined}
        required
      />
      <Button
        type="submit"
        tone={line.isWeighing ? "soft" : "quiet"}
        icon={line.isWeighing ? "scale" : "check"}
        busy={fetcher.state !== "idle"}
        aria-label={line.isWeighing ? `Weigh ${line.name}` : `${line.total}, weigh ${line.name} again`}
      >
        {line.isWeighing ? "Weigh" : line.total}
      </Button>
      {problem && (
        <p id={`${id}-problem`} className="field__error weigh__problem" role="alert">
          {problem}
        </p>
      )}
    </fetcher.Form>
  );
}
