import { Anchor, Badge, Card } from "@almanac/ui";
import type { LowStockView } from "../../server/market-day/low-stock.ts";
import { Act } from "../forms/act.tsx";

/** So many are in sight; the others are one tap away. */
const inSight = 4;

/** What runs low, the most pressing first; each can be told to be silent for a week. */
export function LowStockCard({ home, low }: { home: string; low: readonly LowStockView[] }) {
  const rest = low.slice(inSight);
  return (
    <Card title={`Running low · ${low.length}`} className="low-stock">
      <LowRows home={home} low={low.slice(0, inSight)} />
      {rest.length > 0 && (
        <details className="advice__rest">
          <summary>{rest.length} more</summary>
          <LowRows home={home} low={rest} />
        </details>
      )}
    </Card>
  );
}

function LowRows({ home, low }: { home: string; low: readonly LowStockView[] }) {
  return (
    <ul className="advice-answers">
      {low.map(({ productId, name, priority, words }) => (
        <li key={productId}>
          <span>
            <Anchor href={`${home}/stock/${productId}`}>{name}</Anchor>{" "}
            {priority === "URGENT" && <Badge tone="urgent">now</Badge>}
            <span className="soft small low-stock__words">{words}</span>
          </span>
          <Act
            intent="snooze"
            subject={productId}
            fields={{ name }}
            label="Snooze"
            about={`Snooze ${name} for a week`}
            tone="quiet"
          />
        </li>
      ))}
    </ul>
  );
}
