import type { Milliseconds } from "@almanac/kernel";
import { createCoalescer } from "../core/coalesce.ts";
import type { LiveDelivery } from "./hub.ts";
import type { LiveMessageType } from "../messages.ts";

/** Where one reader's messages go. */
export interface LiveSink {
  /** How many bytes wait in this process because the reader has not taken them. */
  bufferedBytes(): number;
  write(delivery: LiveDelivery): void;
  /** Ends the connection of a reader that stays behind; it comes back and resumes. */
  drop(): void;
}

/** Deliveries on their way into a sink: shaped, and never more than the sink may hold. */
export interface Outlet {
  offer(delivery: LiveDelivery): void;
  close(): void;
}

export interface OutletOptions {
  monotonic?: () => Milliseconds;
}

export const coalesceMs: Milliseconds = 250;

/** A reader that stays behind is dropped rather than let the server's memory grow (architecture, section 4). */
export const maxBufferedBytes = 1_048_576;

/** A reader with so much unread is behind: it gets alerts, and of recommendations only the newest. */
const behindBytes = 65_536;

/** What a newer one of the same type replaces. Alerts, orders and carts are never among them. */
const states: ReadonlySet<string> = new Set<LiveMessageType>([
  "RECOMMENDATION_UPDATE",
  "CART_RECOMMENDATION",
  "PERSONALIZED_SUGGESTION",
  "TRENDING_UPDATE",
]);

/** What trends at one market does not replace what trends at another. */
function stateKey({ channel, type, payload }: LiveDelivery["record"]): string | undefined {
  if (!states.has(type)) return undefined;
  const marketId = type === "TRENDING_UPDATE" ? payload["marketId"] : undefined;
  return `${channel} ${type} ${typeof marketId === "string" ? marketId : ""}`;
}

interface Held {
  readonly seq: number;
  readonly key: string | undefined;
  readonly delivery: LiveDelivery;
}

/** Back-pressure of one connection (architecture, section 4; RT-09): newest recommendations win, alerts always go. */
export function createOutlet(
  sink: LiveSink,
  { monotonic = () => performance.now() }: OutletOptions = {},
): Outlet {
  const coalescer = createCoalescer<Held>(coalesceMs);
  let timer: NodeJS.Timeout | undefined;
  let isOpen = true;

  function close(): void {
    isOpen = false;
    clearTimeout(timer);
    timer = undefined;
  }

  function send({ delivery }: Held): void {
    if (!isOpen) return;
    if (sink.bufferedBytes() + delivery.frames.byteLength > maxBufferedBytes) {
      close();
      sink.drop();
      return;
    }
    sink.write(delivery);
  }

  const isBehind = (): boolean => sink.bufferedBytes() > behindBytes;

  function flushSoon(): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      if (!coalescer.isHolding()) return;
      if (isBehind()) return flushSoon();
      for (const held of coalescer.flush(monotonic())) send(held);
    }, coalesceMs);
  }

  return {
    offer(delivery) {
      if (!isOpen) return;
      const { seq, record } = delivery;
      const key = stateKey(record);
      if (key === undefined && !coalescer.isHolding()) return send({ seq, key, delivery });
      for (const held of coalescer.offer({ seq, key, delivery }, monotonic(), isBehind())) send(held);
      if (coalescer.isHolding()) flushSoon();
    },
    close,
  };
}
