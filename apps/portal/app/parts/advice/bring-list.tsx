import { Card } from "@almanac/ui";
import type { BringView } from "../../server/advice/advice-views.ts";

/** What is planned to come along to one market day. */
export function BringList({ title, rows }: BringView) {
  return (
    <Card title={`Bring: ${title}`}>
      <ul className="pick-list__items">
        {rows.map(({ productId, name, amount }) => (
          <li key={productId} className="pick-list__item">
            <span className="pick-list__name">{name}</span>
            <span className="pick-list__amount">{amount}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
