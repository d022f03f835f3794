import { Card, LinkButton } from "@almanac/ui";
import type { UnusualView } from "../../server/forecast/unusual-days.ts";
import { UnusualList } from "./unusual-list.tsx";

/** Unusual days that nothing explains and nobody has answered yet. */
export function UnusualCard({ home, days }: { home: string; days: readonly UnusualView[] }) {
  return (
    <Card
      title="Unusual sales: what was it?"
      aside={
        <LinkButton href={`${home}/forecast/unusual`} size="small" tone="quiet">
          All unusual days
        </LinkButton>
      }
    >
      <UnusualList home={home} days={days} />
    </Card>
  );
}
