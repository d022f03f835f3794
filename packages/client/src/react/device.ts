import type { Device } from "./tracker.ts";

/** Wide enough for two columns: what is touched and narrower on its shorter side is a phone. */
const tabletPixels = 600;

/**
 * What a page is looked at with: something that is pointed at with a mouse is a computer; of what is touched, the shorter side
 * of the screen tells.
 */
export function deviceOf(view: Pick<Window, "matchMedia" | "screen">): Device {
  if (!view.matchMedia("(pointer: coarse)").matches) return "computer";
  return Math.min(view.screen.width, view.screen.height) < tabletPixels ? "phone" : "tablet";
}
