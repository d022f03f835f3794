import { Anchor, Badge } from "@almanac/ui";
import type { UnusualView } from "../../server/forecast/unusual-days.ts";
import { Act } from "../forms/act.tsx";

/** Unusual days with what explains them, and the farm's say on each. */
export function UnusualList({ home, days }: { home: string; days: readonly UnusualView[] }) {
  return (
    <ul className="unusual-days">
      {days.map((one) => (
        <li key={one.subject} className="unusual-day">
          <div>
            <p className="unusual-day__name">
              {one.productId === null ? (
                one.name
              ) : (
                <Anchor href={`${home}/forecast/${one.productId}`}>{one.name}</Anchor>
              )}{" "}
              {one.answer === "slip" && <Badge>left out</Badge>}
            </p>
            <p>
              {one.day}: <span className="numeric">{one.words}</span>.
            </p>
            <p className="soft small">{one.why}</p>
          </div>
          <Answers day={one} />
        </li>
      ))}
    </ul>
  );
}

function Answers({ day: { subject, name, day, answer, labels } }: { day: UnusualView }) {
  const about = (label: string): string => `${label}: ${name}, ${day}`;
  const act = (value: "right" | "slip" | "none", label: string) => (
    <Act
      intent="unusual"
      subject={subject}
      fields={{ name, answer: value }}
      label={label}
      about={about(label)}
      tone={value === "none" ? "quiet" : "secondary"}
    />
  );
  if (answer !== null)
    return (
      <div className="unusual-day__answers">
        <span className="soft small">You said: {labels[answer].toLowerCase()}.</span>
        {act("none", "Take that back")}
      </div>
    );
  return (
    <div className="unusual-day__answers">
      {act("right", labels.right)}
      {act("slip", labels.slip)}
    </div>
  );
}
