import { Anchor, Badge, Table } from "@almanac/ui";
import { Act } from "../forms/act.tsx";
import { runTones, runWords } from "./model-words.ts";

export interface FarmModelView {
  readonly farmId: string;
  readonly farmName: string;
  readonly live: { readonly versionId: string; readonly version: number } | null;
  readonly latest: {
    readonly status: string;
    readonly verdict: string | null;
    readonly seed: number;
    readonly versionId: string | null;
    readonly requestedAt: string;
  } | null;
}

/** Which farms have a version of their own live, and why the others do not. */
export function FarmModels({ name, farms }: { name: string; farms: readonly FarmModelView[] }) {
  return (
    <Table
      caption={`Farms’ own versions: ${farms.filter(({ live }) => live).length} of ${farms.length} live`}
      dense
      folds
      rows={farms}
      rowKey={({ farmId }) => farmId}
      columns={[
        { key: "farm", header: "Farm", rowHeader: true, cell: ({ farmName }) => farmName },
        {
          key: "answers",
          header: "Answers",
          cell: ({ live }) =>
            live ? (
              <Anchor href={`/portal/admin/models/${live.versionId}`}>
                <span className="nowrap">its own, version {live.version}</span>
              </Anchor>
            ) : (
              <span className="soft">the general one</span>
            ),
        },
        { key: "latest", header: "Last training", cell: ({ latest }) => <Latest latest={latest} /> },
        {
          key: "act",
          header: "Again",
          cell: ({ farmId, farmName, latest }) => (
            <Act
              intent="trainFarm"
              subject={farmId}
              fields={{ model: name, seed: (latest?.seed ?? 0) + 1 }}
              label="Train"
              about={`Train a version of its own: ${farmName}`}
            />
          ),
        },
      ]}
    />
  );
}

function Latest({ latest }: Pick<FarmModelView, "latest">) {
  if (!latest) return <>–</>;
  const { status, verdict, versionId, requestedAt } = latest;
  return (
    <>
      <Badge tone={runTones[status] ?? "calm"}>{runWords[status] ?? status}</Badge>{" "}
      <span className="small soft nowrap">
        {versionId ? <Anchor href={`/portal/admin/models/${versionId}`}>{requestedAt}</Anchor> : requestedAt}
      </span>
      {verdict && <span className="small model-verdict">{verdict}</span>}
    </>
  );
}
