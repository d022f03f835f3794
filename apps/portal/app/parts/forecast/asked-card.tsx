import { Card, LineChart } from "@almanac/ui";
import type { AskedMarket } from "../../server/forecast/asked-chances.ts";

/** The chance that somebody orders a product at a market, for the coming weeks. */
export function AskedCard({ market: { name, weeks } }: { market: AskedMarket }) {
  return (
    <Card>
      <LineChart
        headingLevel={2}
        title={`How likely it is asked for: ${name}`}
        summary="The chance that somebody orders it in a week, from the weeks of the past in which somebody did."
        labelHeader="Week of"
        labels={weeks.map(({ label }) => label)}
        format={(value) => `${value.toFixed(value < 10 && value > 0 ? 1 : 0)}\u00a0%`}
        series={[{ label: "Chance", values: weeks.map(({ chance }) => 100 * chance) }]}
      />
    </Card>
  );
}
