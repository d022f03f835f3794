import type { FarmId } from "@almanac/kernel";
import { Anchor, Badge, Card, EmptyState, Notice, PageHead, Table } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { Act } from "../parts/forms/act.tsx";
import { FarmModels } from "../parts/models/farm-models.tsx";
import { reasonWords, runTones, runWords, shareWords } from "../parts/models/model-words.ts";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { TastesCard } from "../parts/models/tastes-card.tsx";
import { titled } from "../parts/frame/titled.ts";
import { usePolling } from "../parts/frame/use-polling.ts";
import { momentAt } from "../server/words/dates.ts";
import { adminAction, adminLoader } from "../server/request/handlers.ts";
import { duration } from "../server/words/numbers.ts";

export const loader = adminLoader(async ({ api, now }) => {
  const [{ models, health }, tastes] = await Promise.all([api.ml.models.list(), api.admin.tastes.state()]);
  return {
    tastes: tastes && {
      ...tastes,
      learnedAt: momentAt(tastes.learnedAt, "UTC", now),
      builtAt: momentAt(tastes.builtAt, "UTC", now),
      check: tastes.check && { ...tastes.check, at: momentAt(tastes.check.at, "UTC", now) },
    },
    problem: health.problem === undefined ? null : sentence(health.problem),
    models: models.map((model) => ({
      ...model,
      versions: model.versions.map((version) => ({
        ...version,
        createdAt: momentAt(version.createdAt, "UTC", now),
      })),
      runs: model.runs.map((run) => ({ ...run, requestedAt: momentAt(run.requestedAt, "UTC", now) })),
      farms:
        model.farms?.map(({ latest, ...farm }) => ({
          ...farm,
          latest: latest && { ...latest, requestedAt: momentAt(latest.requestedAt, "UTC", now) },
        })) ?? null,
    })),
  };
});

/** "the file is gone" as a sentence of its own. */
const sentence = (text: string): string =>
  `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;

export const action = adminAction({
  train: async ({ api, fields }) => {
    const name = fields.oneOf("subject", ["churn", "lifetime", "season"]);
    const seed = fields.whole("seed", { min: 1, max: 1_000_000_000 });
    fields.done();
    const { isNew } = await api.ml.train({ name, seed });
    return { message: isNew ? "The training waits in the queue." : "One waits or runs already." };
  },
  trainFarm: async ({ api, fields }) => {
    const farmId = fields.text("subject") as FarmId;
    const name = fields.oneOf("model", ["lifetime"]);
    const seed = fields.whole("seed", { min: 1, max: 1_000_000_000 });
    fields.done();
    const { isNew } = await api.ml.train({ name, farmId, seed });
    return { message: isNew ? "The farm’s training waits in the queue." : "One waits or runs already." };
  },
  tastesLearn: async ({ api }) => {
    const { lines } = await api.admin.tastes.learn();
    return { message: lines === 1 ? "It learned from one act." : `It learned from ${lines} acts.` };
  },
  tastesRebuild: async ({ api }) => {
    const rebuilt = await api.admin.tastes.rebuild();
    if (rebuilt.kind !== "built")
      return { message: "Fewer than two products are on sale, so there is no choice." };
    return { message: rebuilt.check?.words ?? "It was learned from the log for the first time." };
  },
});

type Model = ReturnType<typeof useLoaderData<typeof loader>>["models"][number];

export const meta = titled("Models");

/** What kinds of models there are, which version of each is live, and what is tried beside it. */
export default function Models() {
  const { models, problem, tastes } = useLoaderData<typeof loader>();
  const isLearning = models.some(({ runs }) =>
    runs.some(({ status }) => status === "QUEUED" || status === "RUNNING"),
  );
  usePolling(isLearning ? 2_000 : 15_000);
  return (
    <>
      <PageHead
        title="Models"
        lead="What learns from the past: which version is live, what is tried beside it, and how well it does. Each learns anew on Sundays."
      />
      <OutcomeNotice />
      {problem && (
        <Notice tone="urgent" title="Not all models serve as they should">
          {problem} What was in memory before goes on.
        </Notice>
      )}
      <div className="stack stack--loose">
        {models.map((model) => (
          <ModelKind key={model.name} model={model} />
        ))}
        <TastesCard tastes={tastes} />
      </div>
    </>
  );
}

function ModelKind({ model }: { model: Model }) {
  const run = model.runs[0];
  const nextSeed = Math.max(0, ...model.runs.map(({ seed }) => seed)) + 1;
  const isLearning = run?.status === "QUEUED" || run?.status === "RUNNING";
  return (
    <Card
      title={model.title}
      aside={model.champion ? <Badge tone="good">live</Badge> : <Badge>nothing is live</Badge>}
    >
      <div className="stack">
        <p className="measure">{model.purpose}</p>
        {model.drifted.length > 0 && (
          <Notice tone="urgent" title="What comes in has moved from what it learned from">
            {model.drifted.join("; ")}.
          </Notice>
        )}
        {model.versions.length === 0 ? (
          <EmptyState title="No version yet">
            {run?.status === "INSUFFICIENT_DATA"
              ? "There is not enough to learn from yet. That is no fault: it is tried again each Sunday."
              : "The first training makes one."}
          </EmptyState>
        ) : (
          <Versions model={model} />
        )}
        {run && (
          <div className="stack stack--tight" aria-live="polite">
            <p>
              <Badge tone={runTones[run.status] ?? "calm"}>{runWords[run.status] ?? run.status}</Badge>{" "}
              <span className="small soft">
                Last training, {run.requestedAt} UTC: {reasonWords[run.reason] ?? run.reason}.
              </span>
            </p>
            {run.status === "RUNNING" && (
              <progress
                className="run-progress"
                max={1}
                value={run.progress}
                aria-label="How far the training is"
              />
            )}
            {run.verdict && <p className="small">{run.verdict}</p>}
          </div>
        )}
        {model.farms && model.farms.length > 0 && <FarmModels name={model.name} farms={model.farms} />}
        <Act
          intent="train"
          subject={model.name}
          fields={{ seed: nextSeed }}
          label={isLearning ? "A training is under way" : "Train a version now"}
          about={`${isLearning ? "A training is under way" : "Train a version now"}: ${model.title}`}
          icon="sparkle"
        />
      </div>
    </Card>
  );
}

function Versions({ model }: { model: Model }) {
  const stateOf = (id: string) => {
    if (id === model.champion) return <Badge tone="good">champion</Badge>;
    if (id !== model.challenger?.versionId) return <span className="soft">kept</span>;
    return <Badge>challenger, {shareWords(model.challenger.percent)}</Badge>;
  };
  return (
    <Table
      caption={`Versions of “${model.name}”, the newest first`}
      dense
      folds
      rows={model.versions}
      rowKey={({ id }) => id}
      columns={[
        {
          key: "version",
          header: "Version",
          rowHeader: true,
          cell: ({ id, version }) => (
            <Anchor href={`/portal/admin/models/${id}`}>
              <span className="nowrap">
                {model.name} {version}
              </span>
            </Anchor>
          ),
        },
        { key: "state", header: "State", cell: ({ id }) => <span className="nowrap">{stateOf(id)}</span> },
        { key: "by", header: "Answered by", cell: ({ servedBy }) => servedBy },
        {
          key: "asked",
          header: "Asked in 24 h",
          numeric: true,
          cell: ({ serving }) => (serving ? serving.predictions.toLocaleString("en-GB") : "–"),
        },
        {
          key: "p95",
          header: "p95",
          numeric: true,
          cell: ({ serving }) => (serving ? duration(serving.p95Ms) : "–"),
        },
        {
          key: "made",
          header: "Made (UTC)",
          cell: ({ createdAt }) => <span className="nowrap">{createdAt}</span>,
        },
      ]}
    />
  );
}
