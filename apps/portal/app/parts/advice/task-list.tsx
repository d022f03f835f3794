import { Card } from "@almanac/ui";
import type { TaskView } from "../../server/advice/advice-views.ts";
import { Act } from "../forms/act.tsx";

/** What was advised and accepted, and waits for hands; ticking it off writes it to stock. */
export function TaskList({ tasks }: { tasks: readonly TaskView[] }) {
  return (
    <Card title="To do">
      <ul className="advice-answers">
        {tasks.map(({ id, title, product, amount, until }) => (
          <li key={id}>
            <span>
              {title}: {product}, <span className="numeric">{amount}</span>
              <span className="soft small"> by {until}</span>
            </span>
            <Act
              intent="tick"
              subject={id}
              fields={{ name: `${title} ${product}` }}
              label="Done"
              about={`Done: ${title}, ${product}, ${amount}`}
              icon="check"
            />
          </li>
        ))}
      </ul>
    </Card>
  );
}
