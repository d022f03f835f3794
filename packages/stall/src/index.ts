export { postingsOfSale, postingsOfUndo } from "./core/money.ts";
export type { StallWorth } from "./core/money.ts";
export { sellAtStall } from "./sell.ts";
export type { SellRequest, Sold, StallDeps } from "./sell.ts";
export { undoStallSale } from "./undo.ts";
export type { UndoRequest } from "./undo.ts";
