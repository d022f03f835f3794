import { formatQuantity, formatRoughQuantity, parseId, type ProductId } from "@almanac/kernel";
import { shortDay } from "../words/dates.ts";
import type { farmAction } from "../request/handlers.ts";
import type { Api } from "../request/person.ts";

type Low = Awaited<ReturnType<Api["lowStock"]["list"]>>["alerts"][number];

export interface LowStockView {
  readonly productId: string;
  readonly name: string;
  readonly priority: Low["priority"];
  /** "2 kg left, about 3.5 kg more likely to be wanted on Sat 16 Aug". */
  readonly words: string;
}

export const lowStockViews = (alerts: readonly Low[]): LowStockView[] => alerts.map(viewOf);

function viewOf({
  productId,
  name,
  baseUnit,
  priority,
  leftBase,
  expectedBase = 0,
  marketDay,
}: Low): LowStockView {
  const left = leftBase <= 0 ? "All gone" : `${formatQuantity(leftBase, baseUnit)} left`;
  const day = marketDay ? ` on ${shortDay(marketDay)}` : "";
  const more =
    expectedBase > 0
      ? `, about ${formatRoughQuantity(expectedBase, baseUnit)} more likely to be wanted${day}`
      : "";
  return { productId, name, priority, words: `${left}${more}` };
}

const snoozedDays = 7;

export const lowStockActions = {
  snooze: async ({ api, farm, fields }) => {
    const subject = fields.text("subject");
    const name = fields.text("name");
    fields.done();
    await api.lowStock.snooze({
      farmId: farm.id,
      productId: parseId<ProductId>(subject),
      days: snoozedDays,
    });
    return {
      message: `${name}: silent for a week.`,
      undo: { label: "Undo", fields: { intent: "wake", subject, name } },
    };
  },
  wake: async ({ api, farm, fields }) => {
    const productId = parseId<ProductId>(fields.text("subject"));
    await api.lowStock.snooze({ farmId: farm.id, productId, days: 0 });
    return { message: `${fields.text("name")}: you hear of it again.` };
  },
} satisfies Parameters<typeof farmAction>[0];
