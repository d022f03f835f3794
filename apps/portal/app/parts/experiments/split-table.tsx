import { Badge, Table } from "@almanac/ui";
import { pValue } from "./experiment-words.ts";

interface SplitPeriod {
  readonly arms: readonly string[];
  readonly chiSquare: number;
  readonly p: number;
  readonly isAlarm: boolean;
}

/** The split of each time in which the same arms were dealt; nothing while there was but one. */
export function SplitTable({
  periods,
  nameOf,
}: {
  readonly periods: readonly SplitPeriod[];
  readonly nameOf: (arm: string) => string;
}) {
  if (periods.length < 2) return null;
  return (
    <Table
      caption="The split, while these arms were dealt"
      dense
      rows={periods}
      rowKey={({ arms }) => arms.join("/")}
      columns={[
        { key: "arms", header: "Arms", rowHeader: true, cell: ({ arms }) => arms.map(nameOf).join(", ") },
        { key: "chiSquare", header: "χ²", numeric: true, cell: ({ chiSquare }) => chiSquare.toFixed(2) },
        { key: "p", header: "p", numeric: true, cell: ({ p }) => pValue(p) },
        {
          key: "state",
          header: "Sample ratio",
          cell: ({ isAlarm }) => (
            <Badge tone={isAlarm ? "urgent" : "good"}>{isAlarm ? "mismatch" : "as meant"}</Badge>
          ),
        },
      ]}
    />
  );
}
