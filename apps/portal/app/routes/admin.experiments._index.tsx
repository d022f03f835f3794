import { Anchor, Badge, EmptyState, LinkButton, PageHead, Table } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { statusTones } from "../parts/experiments/experiment-words.ts";
import { titled } from "../parts/frame/titled.ts";
import { momentAt } from "../server/words/dates.ts";
import { adminLoader } from "../server/request/handlers.ts";

export const loader = adminLoader(async ({ api, now }) => {
  const found = await api.admin.experiments.list({ limit: 200 });
  return {
    experiments: found.map(({ id, key, name, status, surface, arms, exposed, startedAt, kind }) => ({
      id,
      key,
      name,
      status,
      surface,
      kind,
      exposed,
      arms: arms.map((arm) => `${arm.name} ${Math.round(arm.weight * 1000) / 10}\u00a0%`).join(" · "),
      startedAt: startedAt ? momentAt(startedAt, "UTC", now) : "not started",
    })),
  };
});

export const meta = titled("Experiments");

export default function Experiments() {
  const { experiments } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        title="Experiments"
        lead="Two ways of doing the same thing, each for a share of shoppers, and what came of it."
        actions={<LinkButton href="/portal/admin/experiments/new">New experiment</LinkButton>}
      />
      <OutcomeNotice done={{ discarded: "The draft is gone." }} />
      {experiments.length === 0 ? (
        <EmptyState title="Nothing is tried yet" headingLevel={2}>
          Make an experiment to learn whether another order of results is better.
        </EmptyState>
      ) : (
        <Table
          caption="Experiments, the newest first"
          folds
          rows={experiments}
          rowKey={({ id }) => id}
          columns={[
            {
              key: "name",
              header: "Name",
              rowHeader: true,
              cell: ({ id, name, key }) => (
                <>
                  <Anchor href={`/portal/admin/experiments/${id}`}>{name}</Anchor>
                  <br />
                  <code className="small soft nowrap">{key}</code>
                </>
              ),
            },
            {
              key: "status",
              header: "State",
              cell: ({ status }) => <Badge tone={statusTones[status] ?? "calm"}>{status}</Badge>,
            },
            {
              key: "surface",
              header: "Where",
              cell: ({ surface, kind }) =>
                kind === "ab" ? surface : kind === "holdout" ? `${surface}, held out` : "search, one list",
            },
            { key: "arms", header: "Arms", cell: ({ arms }) => <span className="small">{arms}</span> },
            {
              key: "exposed",
              header: "Shoppers",
              numeric: true,
              cell: ({ exposed }) => exposed.toLocaleString("en"),
            },
            {
              key: "since",
              header: "Since (UTC)",
              cell: ({ startedAt }) => <span className="nowrap">{startedAt}</span>,
            },
          ]}
        />
      )}
    </>
  );
}
