import { Badge, LinkButton, Table } from "@almanac/ui";
import { Act } from "../forms/act.tsx";
import type { Weights } from "./terms.ts";
import { WeightBar } from "./weight-bar.tsx";

export interface VersionRow {
  number: number;
  weights: Weights;
  note: string;
  author: string;
  createdAt: string;
  state: "live" | "was live" | "draft" | "shipped";
}

/** All versions, the newest first. What one says never changes; editing one begins a new one. */
export function VersionTable({ versions, live }: { versions: readonly VersionRow[]; live: number }) {
  return (
    <Table
      caption="Versions"
      folds
      dense
      rows={versions}
      rowKey={({ number }) => String(number)}
      columns={[
        { key: "number", header: "Version", rowHeader: true, cell: ({ number }) => `v${number}` },
        {
          key: "state",
          header: "State",
          cell: ({ state }) => <Badge tone={state === "live" ? "good" : "calm"}>{state}</Badge>,
        },
        {
          key: "weights",
          header: "Weights",
          width: "9rem",
          cell: ({ weights }) => <WeightBar weights={weights} />,
        },
        {
          key: "note",
          header: "Why",
          cell: ({ note }) => (
            <div className="version-note">{note || <span className="soft">no note</span>}</div>
          ),
        },
        {
          key: "made",
          header: "Made (UTC)",
          cell: ({ author, createdAt }) => (
            <>
              {author}
              <span className="small soft version-at">{createdAt}</span>
            </>
          ),
        },
        {
          key: "act",
          header: <span className="visually-hidden">Act</span>,
          cell: ({ number, state }) => (
            <div className="cluster version-acts">
              <LinkButton
                href={`?from=${number}#editor`}
                tone="quiet"
                size="small"
                aria-label={`Edit from v${number}`}
              >
                Edit
              </LinkButton>
              {state !== "live" && (
                <Act
                  intent="publish"
                  subject={String(number)}
                  fields={{ expectedLive: live }}
                  label="Publish"
                  about={`Publish v${number}`}
                />
              )}
            </div>
          ),
        },
      ]}
    />
  );
}
