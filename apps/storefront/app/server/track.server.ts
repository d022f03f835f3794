import type { AppLoadContext } from "@remix-run/node";
import { newId, type EventId } from "@almanac/kernel";
import { findRefusal } from "../words/refusals.ts";

type Tracked = Parameters<AppLoadContext["api"]["events"]["track"]>[0]["events"][number];

/**
 * Notes what a form did, with or without scripts in the page, as far as the shopper agreed. Being over a limit does not
 * undo what was done.
 */
export async function trackDone({ api }: AppLoadContext, action: Omit<Tracked, "id">): Promise<void> {
  try {
    await api.events.track({ events: [{ ...action, id: newId<EventId>() }] });
  } catch (error) {
    if (!findRefusal(error)) throw error;
  }
}
