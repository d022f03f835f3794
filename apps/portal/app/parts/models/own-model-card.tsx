import { Badge, Card, Table } from "@almanac/ui";
import type { FarmCustomers } from "../../server/models/farm-customers.ts";
import { count } from "../../server/words/numbers.ts";
import { measureWords, reasonWords, runTones, runWords, shareWords } from "./model-words.ts";

/** Which version tells of the farm's customers, how it did on them beside the general one, and why it is that one. */
export function OwnModelCard({ model }: Pick<FarmCustomers, "model">) {
  const { serving, versions, runs, champion, challenger } = model;
  const [run] = runs;
  const shown = versions.find(({ id }) => id === champion) ?? versions[0];
  return (
    <Card
      title="Which model tells this"
      aside={
        serving?.isOwn ? (
          <Badge tone="good">your farm’s own</Badge>
        ) : (
          <Badge>{serving ? "general" : "none yet"}</Badge>
        )
      }
    >
      <div className="stack">
        <p className="measure">
          {serving?.isOwn
            ? `Version ${serving.version} of your farm’s own answers: it learned from your customers alone.`
            : "The general version answers, which learned from everybody. One of your own learns from your customers alone each Sunday, and takes over once it is better on a half-year that it has not seen, beyond doubt."}
        </p>
        {run && (
          <p className="small">
            <Badge tone={runTones[run.status] ?? "calm"}>{runWords[run.status] ?? run.status}</Badge>{" "}
            <span className="soft">
              Last training, {run.requestedAt}: {reasonWords[run.reason] ?? run.reason}.
            </span>{" "}
            {run.verdict}
          </p>
        )}
        {challenger && <p className="small">A newer version is {shareWords(challenger.percent)}.</p>}
        {shown && <HowRight version={shown} />}
        {shown && shown.measures.length > 0 && (
          <details className="fold">
            <summary>All figures of this trial</summary>
            <div className="fold__body">
              <Beside version={shown} />
            </div>
          </details>
        )}
      </div>
    </Card>
  );
}

/** What a farmer has to know of a figure: by how much such figures were off. */
function HowRight({ version }: { version: FarmCustomers["model"]["versions"][number] }) {
  const totals = version.measures.find(({ better }) => better === "near 1")?.values;
  const own = totals?.[version.servedBy];
  if (own === undefined) return null;
  const general = totals?.["the general version"];
  return (
    <p className="small">
      Tried on a half-year that it had not seen: version {version.version} of your own foretold{" "}
      {Math.round(100 * own)}&nbsp;% of what came in
      {general !== undefined && `, and the general version ${Math.round(100 * general)}\u00a0%`}.
    </p>
  );
}

function Beside({ version }: { version: FarmCustomers["model"]["versions"][number] }) {
  const members = [...new Set(version.measures.flatMap(({ values }) => Object.keys(values)))];
  return (
    <Table
      caption={`Version ${version.version}, judged on ${count(version.rowsTested)} of your customers`}
      dense
      folds
      rows={version.measures}
      rowKey={({ name }) => name}
      columns={[
        {
          key: "name",
          header: "Measure",
          rowHeader: true,
          cell: ({ name, better }) => (
            <>
              {name}
              <br />
              <span className="small soft">{better === "near 1" ? "1 is right" : `${better} is better`}</span>
            </>
          ),
        },
        ...members.map((member) => ({
          key: member,
          header: member === version.servedBy ? <strong>{member}</strong> : member,
          numeric: true,
          cell: ({ values }: (typeof version.measures)[number]) => {
            const value = values[member];
            return value === undefined ? "–" : measureWords(value);
          },
        })),
      ]}
    />
  );
}
