import { Badge, Card, type Tone } from "@almanac/ui";
import { useEffect, useState } from "react";

interface Health {
  readonly status: string;
  readonly version: string;
  readonly role: string;
  readonly uptimeSeconds: number;
  readonly parts: Readonly<Record<string, { readonly status: string; readonly detail?: string }>>;
}

const tones: Readonly<Record<string, Tone>> = { HEALTHY: "good", DEGRADED: "urgent", UNHEALTHY: "urgent" };

/** Every part of the process that answers this page, asked at `/health` every five seconds. */
export function HealthCard({ periodMs }: { periodMs: number }) {
  const [health, setHealth] = useState<Health | "silent">();
  useEffect(() => {
    const stop = new AbortController();
    const ask = async (): Promise<void> => {
      if (document.visibilityState !== "visible") return;
      try {
        const answer = await fetch("/health", {
          signal: stop.signal,
          headers: { accept: "application/json" },
        });
        const said: unknown = await answer.json();
        setHealth(isHealth(said) ? said : "silent");
      } catch {
        if (!stop.signal.aborted) setHealth("silent");
      }
    };
    void ask();
    const timer = setInterval(() => void ask(), periodMs);
    return () => {
      clearInterval(timer);
      stop.abort();
    };
  }, [periodMs]);

  if (health === "silent") {
    return (
      <Card title="Health" aside={<Badge tone="urgent">no answer</Badge>}>
        <p>
          <code>/health</code> does not answer. It is asked again every {periodMs / 1_000} seconds.
        </p>
      </Card>
    );
  }
  return (
    <Card
      title="Health"
      aside={health ? <Badge tone={tones[health.status]}>{health.status}</Badge> : <Badge>asking</Badge>}
    >
      {!health && (
        <noscript>
          <a href="/health">See /health</a>
        </noscript>
      )}
      <dl className="facts" aria-busy={!health}>
        {Object.entries(health?.parts ?? {}).map(([name, part]) => (
          <div key={name} className="facts__row">
            <dt>{inWords(name)}</dt>
            <dd>
              <Badge tone={tones[part.status]}>{part.status.toLowerCase()}</Badge>
              {part.detail && <span className="small soft"> {part.detail}</span>}
            </dd>
          </div>
        ))}
        {health && (
          <>
            <div className="facts__row">
              <dt>role</dt>
              <dd>{health.role}</dd>
            </div>
            <div className="facts__row">
              <dt>up for</dt>
              <dd>{uptime(health.uptimeSeconds)}</dd>
            </div>
            <div className="facts__row">
              <dt>version</dt>
              <dd>{health.version}</dd>
            </div>
          </>
        )}
      </dl>
    </Card>
  );
}

/** "shopWindow" as "shop window". */
function inWords(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function uptime(seconds: number): string {
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${Math.floor(seconds % 60)} s`;
}

function isHealth(said: unknown): said is Health {
  return (
    typeof said === "object" &&
    said !== null &&
    "status" in said &&
    "parts" in said &&
    "uptimeSeconds" in said
  );
}
