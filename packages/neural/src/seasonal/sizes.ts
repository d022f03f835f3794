import { gateCount, hidden } from "./model.ts";
import { stepWidth } from "./seasonal-data.ts";

/** Windows that go through the weeks together: as many as leave what a step touches in the nearest cache. */
export const blockRows = 32;
/** What a step reads of a window: the week's own numbers, and the state before it. */
export const readWidth = stepWidth + hidden;
/** Gates of a window, those of a unit side by side: taken, kept, shown, fresh. */
export const gateWidth = gateCount * hidden;
