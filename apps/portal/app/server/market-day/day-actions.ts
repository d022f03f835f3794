import { formatQuantity, parseId, type OrderLineId, type SubOrderId } from "@almanac/kernel";
import { unitOf } from "../request/fields.ts";
import { farmAction } from "../request/handlers.ts";

/** What is done on a market day: handing over, and writing what the scale says. */
export const dayActions = {
  collect: async ({ api, farm, fields }) => {
    const subOrderId = parseId<SubOrderId>(fields.text("subject"));
    const { isOrderCollected } = await api.farmOrders.markCollected({ farmId: farm.id, subOrderId });
    const number = fields.text("number");
    return {
      message: isOrderCollected
        ? `${number} is handed over. That was the last part of this order.`
        : `${number} is handed over.`,
      undo: { label: "Undo", fields: { intent: "uncollect", subject: subOrderId, number } },
    };
  },
  uncollect: async ({ api, farm, fields }) => {
    const subOrderId = parseId<SubOrderId>(fields.text("subject"));
    const { isPaid } = await api.farmOrders.undoCollected({ farmId: farm.id, subOrderId });
    const number = fields.text("number");
    return {
      message: isPaid
        ? `${number} waits for its pickup again. It is paid, and its weights stand.`
        : `${number} waits for its pickup again.`,
    };
  },
  weigh: async ({ api, farm, fields }) => {
    const unit = unitOf(fields.text("unit"));
    const weighedBase = fields.quantity("weighed", unit);
    fields.done();
    const lineId = parseId<OrderLineId>(fields.text("subject"));
    await api.farmOrders.weigh({ farmId: farm.id, lineId, weighedBase });
    return { message: `${fields.text("name")}: ${formatQuantity(weighedBase, unit)} written.` };
  },
} satisfies Parameters<typeof farmAction>[0];

export const dayAction = farmAction(dayActions);
