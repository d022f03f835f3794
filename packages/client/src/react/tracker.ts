/** An action as `events.track` takes it. */
export interface TrackedAction {
  readonly id: string;
  readonly action: UserAction;
  readonly entityType?: "PRODUCT" | "FARM" | "ORDER" | "SEARCH" | "CATEGORY" | "RECOMMENDATION";
  readonly entityId?: string;
  readonly metadata?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  readonly occurredAt: string;
  readonly device?: Device;
}

export type Device = "phone" | "tablet" | "computer";

export type UserAction =
  | "VIEW_PRODUCT"
  | "VIEW_FARM"
  | "ADD_TO_CART"
  | "REMOVE_FROM_CART"
  | "ADD_TO_WISHLIST"
  | "REMOVE_FROM_WISHLIST"
  | "SEARCH"
  | "FILTER_CATEGORY"
  | "COMPLETE_PURCHASE"
  | "RATE_PRODUCT"
  | "RATE_FARM"
  | "SHARE_PRODUCT"
  | "VIEW_RECOMMENDATIONS"
  | "CLICK_RECOMMENDATION";

export interface TrackerOptions {
  /** Sends a batch; a rejection means that it may be tried again with the same ids. */
  readonly send: (actions: readonly TrackedAction[]) => Promise<unknown>;
  /** Hands a batch to the browser as the page goes away. */
  readonly sendLast: (actions: readonly TrackedAction[]) => void;
  readonly newId: () => string;
  readonly now: () => Date;
  readonly device?: Device;
  /** @returns cancels it */
  readonly after: (delayMs: number, run: () => void) => () => void;
  /** False once the shopper said no. */
  readonly isAllowed: () => boolean;
}

export interface Tracker {
  readonly track: (action: Omit<TrackedAction, "id" | "occurredAt" | "device">) => void;
  /** Sends what waits, as the page goes away. */
  readonly leave: () => void;
}

const batchDelayMs = 100;
const retryDelayMs = 5_000;
const largestBatch = 100;

/** Collects what the shopper does for a tenth of a second and sends it together; each action has one id for good. */
export function createTracker(options: TrackerOptions): Tracker {
  let waiting: TrackedAction[] = [];
  let hasRetried = false;
  let cancel: (() => void) | undefined;

  const flush = (): void => {
    cancel = undefined;
    const batch = waiting.slice(0, largestBatch);
    waiting = waiting.slice(largestBatch);
    if (batch.length === 0 || !options.isAllowed()) return;
    options.send(batch).then(
      () => {
        hasRetried = false;
      },
      () => {
        // Tried once more, for a moment without network; what is lost then is lost.
        if (hasRetried) return;
        hasRetried = true;
        waiting = [...batch, ...waiting];
        schedule(retryDelayMs);
      },
    );
    if (waiting.length > 0) schedule(batchDelayMs);
  };
  const schedule = (delayMs: number): void => {
    cancel ??= options.after(delayMs, flush);
  };

  return {
    track(action) {
      if (!options.isAllowed()) return;
      const { device } = options;
      waiting.push({
        ...action,
        id: options.newId(),
        occurredAt: options.now().toISOString(),
        ...(device && { device }),
      });
      schedule(batchDelayMs);
    },
    leave() {
      cancel?.();
      cancel = undefined;
      const batch = waiting.splice(0, largestBatch);
      if (batch.length > 0 && options.isAllowed()) options.sendLast(batch);
    },
  };
}
