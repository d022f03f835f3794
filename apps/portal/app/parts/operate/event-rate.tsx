import { LineChart } from "@almanac/ui";
import { useEffect, useState } from "react";

interface Sample {
  readonly at: number;
  readonly total: number;
}

const kept = 60;

/** New events of each look at the counters since this page was opened: the latest sixty. */
export function EventRate({ total, at }: Sample) {
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  useEffect(() => {
    setSamples((known) => (known.at(-1)?.at === at ? known : [...known, { at, total }].slice(-kept)));
  }, [at, total]);
  const rates = samples.slice(1).map((sample, index) => {
    const before = samples[index] ?? sample;
    const minutes = Math.max(1, sample.at - before.at) / 60_000;
    return { label: clock(sample.at), perMinute: Math.round((sample.total - before.total) / minutes) };
  });
  if (rates.length < 2) return <p className="soft small">The plot of new events begins when some come.</p>;
  const latest = rates.at(-1)?.perMinute ?? 0;
  return (
    <LineChart
      title="New events a minute"
      headingLevel={2}
      summary={`${latest} a minute now, while this page is open.`}
      labelHeader="Time (UTC)"
      labels={rates.map(({ label }) => label)}
      series={[{ label: "Events a minute", values: rates.map(({ perMinute }) => perMinute) }]}
    />
  );
}

function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 19);
}
