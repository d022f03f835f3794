import { AppError } from "@almanac/kernel";
import type { Queryable } from "@almanac/db";
import { nextOpenWindow } from "@almanac/catalog";
import type { EditRefusal } from "../core/windows.ts";
import type { SlotWindow } from "../store/slots.ts";

/** `window_closed`, with the window that takes orders instead. */
export async function windowClosed(db: Queryable, slot: SlotWindow, now: Date): Promise<AppError> {
  const next = await nextOpenWindow(db, slot.market.id, now);
  return new AppError("window_closed", "This market day takes no more orders.", {
    details: {
      marketDay: slot.window.marketDay,
      closesAt: slot.window.closesAt.toISOString(),
      next: next && {
        id: next.id,
        marketDay: next.marketDay,
        opensAt: next.opensAt.toISOString(),
        closesAt: next.closesAt.toISOString(),
        isOpen: next.isOpen,
      },
    },
  });
}

export function orderNotFound(): AppError {
  return new AppError("order_not_found", "There is no such order.");
}

export function notEditable(reason: EditRefusal, closesAt: Date | null): AppError {
  return new AppError("order_not_editable", `The order can no longer be changed: ${reason}.`, {
    details: { reason, closesAt: closesAt?.toISOString() },
  });
}
