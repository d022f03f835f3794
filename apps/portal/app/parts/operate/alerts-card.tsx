import { Badge, Card, type Tone } from "@almanac/ui";

interface Alert {
  readonly id: string;
  readonly level: string;
  readonly text: string;
  /** In words. */
  readonly at: string;
}

const tones: Readonly<Record<string, Tone>> = { info: "calm", warning: "urgent", critical: "urgent" };

/** What the platform told its operators by itself; nothing where it had nothing to tell. */
export function AlertsCard({ alerts }: { alerts: readonly Alert[] }) {
  if (alerts.length === 0) return null;
  return (
    <Card title="Alerts" aside={<span className="small soft">of the last two weeks</span>}>
      <ul className="plain-list stack stack--tight" aria-live="polite">
        {alerts.map(({ id, level, text, at }) => (
          <li key={id}>
            <Badge tone={tones[level] ?? "calm"}>{level}</Badge> <span className="small soft">{at} UTC</span>
            <p>{text}</p>
          </li>
        ))}
      </ul>
    </Card>
  );
}
