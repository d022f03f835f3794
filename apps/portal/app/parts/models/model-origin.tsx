import { Badge, Card, Table } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import type { modelVersionLoader } from "../../server/models/model-version.ts";
import { count } from "../../server/words/numbers.ts";

const sizeWords = (bytes: number): string =>
  bytes < 1_000 ? `${bytes} bytes` : `${count(bytes / 1_000)} kB`;

/** Where a version comes from: enough to make it again. */
export function Lineage() {
  const { lineage, window, type, farm } = useLoaderData<typeof modelVersionLoader>();
  const facts: [string, string][] = [
    ["Kind", type.toLowerCase().replaceAll("_", " ")],
    ["For", farm?.name ?? "everybody"],
    ["Data from", window.from ? `${window.from} UTC` : "the beginning"],
    ["Data until", `${window.to} UTC`],
    ["Data, SHA-256", lineage.dataHash.slice(0, 16)],
    ["Code", lineage.codeCommit.slice(0, 12)],
    ["Seed", String(lineage.seed)],
    ["File, SHA-256", lineage.artefactHash.slice(0, 16)],
    ["Size", `${sizeWords(lineage.artefactBytes)}, ${lineage.format}`],
    ["Golden predictions", `${lineage.goldenPredictions}, asked at each load`],
  ];
  return (
    <Card title="Where it comes from">
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name} className="facts__row">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

/** How far what comes in has moved, input by input. */
export function DriftTable() {
  const { drift } = useLoaderData<typeof modelVersionLoader>();
  if (!drift) {
    return (
      <Card title="Has what comes in moved?">
        <p className="soft">Not looked at yet: this happens each night while a version is live.</p>
      </Card>
    );
  }
  return (
    <Table
      caption={`Has what comes in moved? ${count(drift.rows)} shoppers, ${drift.at} UTC`}
      dense
      rows={drift.indices}
      rowKey={({ input }) => input}
      columns={[
        { key: "words", header: "Input", rowHeader: true, cell: ({ words }) => words },
        {
          key: "index",
          header: "Stability index",
          numeric: true,
          cell: ({ index }) => index.toFixed(3),
        },
        {
          key: "state",
          header: "State",
          cell: ({ index, isDrifted }) => (
            <Badge tone={isDrifted ? "urgent" : index < 0.1 ? "good" : "calm"}>
              {isDrifted ? "moved" : index < 0.1 ? "calm" : "a little"}
            </Badge>
          ),
        },
      ]}
    />
  );
}
