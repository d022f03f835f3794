export interface HistogramOptions {
  readonly name: string;
  readonly help: string;
  /** Upper bounds, ascending. */
  readonly buckets: readonly number[];
}

export interface Series {
  observe(value: number): void;
}

type Labels = Readonly<Record<string, string>>;

/** A histogram as a Prometheus registry reads it. */
export interface Histogram {
  readonly name: string;
  /** The series with these labels; the same one for the same labels in the same order. */
  series(labels: Labels): Series;
  get(): Promise<HistogramReading>;
  reset(): void;
}

export interface HistogramReading {
  readonly name: string;
  readonly help: string;
  readonly type: "histogram";
  readonly aggregator: "sum";
  readonly values: readonly {
    readonly metricName: string;
    readonly labels: Labels;
    readonly value: number;
  }[];
}

interface Kept {
  readonly labels: Labels;
  /** One a bucket, and one for what is above the last. */
  readonly counts: number[];
  sum: number;
}

/**
 * A histogram whose observation is an addition: the client library's own sorts and joins the labels each time, which a call
 * that takes a tenth of a millisecond notices. Buckets are made cumulative when somebody reads them, as the format wants.
 */
export function createHistogram({ name, help, buckets }: HistogramOptions): Histogram {
  const all = new Map<string, Kept & Series>();

  function make(labels: Labels): Kept & Series {
    const counts = Array.from({ length: buckets.length + 1 }, () => 0);
    return {
      labels,
      counts,
      sum: 0,
      observe(value) {
        let at = 0;
        while (at < buckets.length && value > buckets[at]!) at++;
        counts[at]! += 1;
        this.sum += value;
      },
    };
  }

  return {
    name,
    series(labels) {
      const values = Object.values(labels);
      const key = values.length === 1 ? values[0]! : values.join("\u0000");
      let known = all.get(key);
      if (!known) all.set(key, (known = make(labels)));
      return known;
    },
    get() {
      const values = [...all.values()].flatMap(({ labels, counts, sum }) => {
        let below = 0;
        const cumulative = [...buckets.map(String), "+Inf"].map((le, index) => ({
          metricName: `${name}_bucket`,
          labels: { le, ...labels },
          value: (below += counts[index]!),
        }));
        if (below === 0) return [];
        const total = { metricName: `${name}_count`, labels, value: below };
        return [...cumulative, { metricName: `${name}_sum`, labels, value: sum }, total];
      });
      return Promise.resolve({ name, help, type: "histogram", aggregator: "sum", values });
    },
    reset: () => all.clear(),
  };
}
