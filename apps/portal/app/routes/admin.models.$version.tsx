import type { FarmId } from "@almanac/kernel";
import { Badge, Card, LineChart, Notice, PageHead, StatTile, Table } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { Act, AskFirst } from "../parts/forms/act.tsx";
import { CalibrationPlot } from "../parts/models/calibration-plot.tsx";
import {
  activationWords,
  farmField,
  measureWords,
  rolloutTones,
  rolloutWords,
} from "../parts/models/model-words.ts";
import { DriftTable, Lineage } from "../parts/models/model-origin.tsx";
import { RolloutCard } from "../parts/models/model-rollout.tsx";
import { BackLink, OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { titled } from "../parts/frame/titled.ts";
import { usePolling } from "../parts/frame/use-polling.ts";
import type { Fields } from "../server/request/fields.ts";
import { adminAction } from "../server/request/handlers.ts";
import { modelVersionLoader } from "../server/models/model-version.ts";
import { count, duration, percent } from "../server/words/numbers.ts";

export const loader = modelVersionLoader;

const names = ["churn", "lifetime", "season"] as const;

/** The model of a form, and the farm whose own version it is about. */
function modelOf(fields: Fields): { name: (typeof names)[number]; farmId?: FarmId } {
  const name = fields.oneOf("subject", names);
  const farmId = fields.optional("farm") as FarmId | undefined;
  return { name, ...(farmId && { farmId }) };
}

export const action = adminAction({
  shadow: async ({ api, params }) => {
    await api.ml.models.startRollout({ versionId: params["version"] ?? "" });
    return { message: "It answers beside the champion from now on, and nobody is told." };
  },
  activate: async ({ api, params }) => {
    await api.ml.models.activate({ versionId: params["version"] ?? "" });
    return { message: "It is live in every process." };
  },
  step: async ({ api, fields }) => {
    const model = modelOf(fields);
    const share = fields.whole("percent", { min: 0, max: 100 });
    fields.done();
    await api.ml.models.stepRollout({ ...model, percent: share });
    return {
      message:
        share === 100
          ? "It is the champion now."
          : `${share}\u00a0% have it now, and keep it as the share grows.`,
    };
  },
  stop: async ({ api, fields }) => {
    const model = modelOf(fields);
    fields.done();
    await api.ml.models.stopRollout(model);
    return { message: "The rollout has ended. The champion answers everybody." };
  },
  rollBack: async ({ api, fields }) => {
    const model = modelOf(fields);
    fields.done();
    await api.ml.models.rollBack(model);
    return { message: "Rolled back, in every process." };
  },
  retire: async ({ api, fields }) => {
    const { name, farmId } = modelOf(fields);
    fields.done();
    if (!farmId) return { message: "The general version answers already." };
    await api.ml.models.retire({ name, farmId });
    return { message: "The general version answers this farm again." };
  },
  watch: async ({ api }) => {
    const { rolledBack } = await api.ml.models.watch();
    return {
      message: rolledBack > 0 ? "A guardrail was broken: it was rolled back." : "The guardrails hold.",
    };
  },
  slowDown: async ({ api, fields }) => {
    const model = modelOf(fields);
    const delayMs = fields.whole("delayMs", { min: 0, max: 5_000 });
    fields.done();
    await api.ml.models.slowDown({ ...model, delayMs });
    return {
      message:
        delayMs > 0 ? `The challenger answers ${delayMs} ms later.` : "The challenger is as fast as it is.",
    };
  },
});

export type Loaded = ReturnType<typeof useLoaderData<typeof loader>>;

export const meta = titled<typeof loader>(({ title, version }) => `${title}, version ${version}`);

/** One version: what it is, how well it did beside plain rules, where it comes from, and what becomes of it. */
export default function ModelCard() {
  const card = useLoaderData<typeof loader>();
  const { metrics, rollout, isChampion, isChallenger } = card;
  usePolling(rollout ? 3_000 : 15_000);
  return (
    <>
      <div>
        <BackLink href="/portal/admin/models">Models</BackLink>
      </div>
      <PageHead
        title={`${card.title}, version ${card.version}${card.farm ? ` of ${card.farm.name}` : ""}`}
        lead={card.purpose}
        actions={
          <Badge tone={isChampion ? "good" : "calm"}>
            {isChampion ? "champion" : isChallenger ? "challenger" : "kept"}
          </Badge>
        }
      />
      <OutcomeNotice />
      <div className="tile-grid tile-grid--named">
        <StatTile label="Answered by" value={metrics.servedBy} change={{ text: `made ${card.made} UTC` }} />
        <StatTile label="Learned from" value={count(metrics.rowsLearned)} change={{ text: "examples" }} />
        <StatTile
          label="Judged on"
          value={count(metrics.rowsTested)}
          change={{
            text: card.testedFrom ? `later ones, since ${card.testedFrom}` : "nothing could be held back yet",
          }}
        />
        <StatTile
          label="Asked in 24 hours"
          value={card.serving ? count(card.serving.predictions) : "0"}
          change={{ text: card.serving ? `p95 ${duration(card.serving.p95Ms)}` : "of this version" }}
        />
      </div>
      <div className="beside">
        <div className="stack stack--loose">
          <Judged />
        </div>
        <div className="stack">
          <WhatNext />
          {rollout && <RolloutCard />}
        </div>
      </div>
      <div className="beside">
        <div className="stack stack--loose">
          {metrics.calibration && (
            <Card>
              <CalibrationPlot
                bins={metrics.calibration}
                summary={
                  card.name === "season"
                    ? "Of weeks of which the same chance was told, the share in which the product was asked for."
                    : "Of shoppers who were told the same chance, the share that stayed away."
                }
              />
            </Card>
          )}
          {metrics.lift && (
            <Card>
              <LineChart
                headingLevel={2}
                title="How many one would reach"
                summary={liftSentence(metrics.lift)}
                labelHeader="Of the shoppers it fears for most"
                labels={["0\u00a0%", ...metrics.lift.map(({ share }) => `${Math.round(100 * share)}\u00a0%`)]}
                format={(value) => `${Math.round(value)}\u00a0%`}
                series={[
                  { label: "Caught", values: [0, ...metrics.lift.map(({ caught }) => 100 * caught)] },
                  {
                    label: "By chance",
                    values: [0, ...metrics.lift.map(({ share }) => 100 * share)],
                    dashed: true,
                  },
                ]}
              />
            </Card>
          )}
          <Looks />
          <DriftTable />
        </div>
        <div className="stack">
          <History />
          <Lineage />
        </div>
      </div>
    </>
  );
}

function liftSentence(lift: readonly { readonly share: number; readonly caught: number }[]): string {
  const fifth = lift.find(({ share }) => Math.abs(share - 0.2) < 1e-9);
  return fifth
    ? `Writing to the fifth that it fears for most reaches ${percent(fifth.caught)} of those who stay away.`
    : "";
}

function Judged() {
  const { metrics, learner, name } = useLoaderData<typeof loader>();
  const members = [...new Set(metrics.measures.flatMap(({ values }) => Object.keys(values)))];
  return (
    <Card title="How well it does" aside={<Badge tone="good">{metrics.servedBy}</Badge>}>
      <div className="stack">
        <p>{metrics.verdict}</p>
        <p className="small soft">
          Made of {learner}. It was judged on time that came after all that it learned from, and{" "}
          {metrics.isToldAnew
            ? "what is shipped was learned in the same way from all there is, the judged weeks too."
            : "what was judged is what is shipped."}
        </p>
        {metrics.measures.length > 0 && (
          <Table
            caption="Beside its baselines"
            dense
            folds
            rows={metrics.measures}
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
                    <span className="small soft">
                      {better === "near 1" ? "1 is right" : `${better} is better`}
                    </span>
                  </>
                ),
              },
              ...members.map((member) => ({
                key: member,
                header: member === metrics.servedBy ? <strong>{member}</strong> : member,
                numeric: true,
                cell: ({ values }: (typeof metrics.measures)[number]) => {
                  const value = values[member];
                  return value === undefined ? "–" : measureWords(value);
                },
              })),
            ]}
          />
        )}
        {metrics.gain && (
          <p className="small">
            It saves {measureWords(metrics.gain.mean)} {gainUnit(metrics.gain.unit)} against “
            {metrics.gain.against}
            ”; with 95&nbsp;% certainty between {measureWords(metrics.gain.low)} and{" "}
            {measureWords(metrics.gain.high)}, by drawing {name === "season" ? "products" : "shoppers"} anew a
            thousand times.
          </p>
        )}
      </div>
    </Card>
  );
}

/** "99 cents of ...", "0.06 of log-loss". */
const gainUnit = (unit: string): string => (unit.startsWith("cents") ? unit : `of ${unit}`);

function Looks() {
  const { metrics, inputs } = useLoaderData<typeof loader>();
  const wordsOf = new Map(inputs.map(({ name, words }) => [name, words]));
  const weights = new Map(metrics.weights.map(({ name, share }) => [name, share]));
  const rows = inputs
    .map((input) => ({ ...input, share: weights.get(input.name) ?? null }))
    .toSorted((a, b) => (b.share ?? 0) - (a.share ?? 0));
  return (
    <Table
      caption="What it looks at"
      dense
      rows={rows}
      rowKey={({ name }) => name}
      columns={[
        {
          key: "words",
          header: "Input",
          rowHeader: true,
          cell: ({ name }) => (
            <>
              {wordsOf.get(name)}
              <br />
              <code className="small soft breaks">{name}</code>
            </>
          ),
        },
        {
          key: "share",
          header: "Weight",
          numeric: true,
          cell: ({ share }) => (share === null ? "–" : percent(share)),
        },
        {
          key: "range",
          header: "From, to",
          numeric: true,
          cell: ({ min, max }) => `${count(min)} – ${count(max)}`,
        },
      ]}
    />
  );
}

function WhatNext() {
  const { name, farm, isChampion, isChallenger, rollout, championVersion } = useLoaderData<typeof loader>();
  const fields = farmField(farm);
  return (
    <Card title="What becomes of it">
      <div className="stack">
        {isChampion && (
          <p>
            It answers{" "}
            {rollout
              ? "those who do not have the challenger"
              : farm
                ? "for the farm’s customers"
                : "everybody"}
            .
          </p>
        )}
        {isChallenger && <p>It is being rolled out beside version {championVersion}.</p>}
        {!isChampion && !isChallenger && (
          <>
            <p>
              {championVersion === null
                ? farm
                  ? "The general version answers: nothing of the farm’s own is live."
                  : "Nothing is live yet."
                : `Version ${championVersion} is live. Begin in its shadow: this one answers the same questions, and nobody is told.`}
            </p>
            {championVersion !== null && !rollout && (
              <Act intent="shadow" label="Put it into the shadow" tone="primary" size="medium" />
            )}
            <AskFirst
              label="Make it live at once"
              question="Everybody gets it now, without a rollout. Its file is checked first."
            >
              <Act intent="activate" label="Make it live" tone="warm" size="medium" />
            </AskFirst>
          </>
        )}
        {(isChampion || rollout) && (
          <AskFirst
            label="Roll back"
            question={
              rollout
                ? "The rollout ends, and the champion answers everybody at once."
                : "The version that was live before answers everybody at once."
            }
          >
            <Act
              intent="rollBack"
              subject={name}
              fields={fields}
              label="Roll back now"
              tone="warm"
              size="medium"
            />
          </AskFirst>
        )}
        {farm && championVersion !== null && (
          <AskFirst
            label="Let the general version answer"
            question="Nothing of the farm’s own is live any more; what was kept stays."
          >
            <Act
              intent="retire"
              subject={name}
              fields={fields}
              label="Let it answer"
              tone="warm"
              size="medium"
            />
          </AskFirst>
        )}
      </div>
    </Card>
  );
}

function History() {
  const { rollouts, activations } = useLoaderData<typeof loader>();
  if (rollouts.length === 0 && activations.length === 0) return <Notice title="Nothing has been live yet" />;
  return (
    <Card title="What was live when">
      <div className="stack">
        <ul className="plain-list stack stack--tight">
          {activations.map(({ seq, version, kind, activatedAt, endedAt }) => (
            <li key={seq}>
              <strong>Version {version}</strong>{" "}
              <span className="small soft">
                {activationWords[kind] ?? kind},{" "}
                {endedAt ? `${activatedAt} to ${endedAt}` : `since ${activatedAt}`} UTC
              </span>
            </li>
          ))}
        </ul>
        {rollouts.length > 0 && <h3 className="small soft">Rollouts</h3>}
        <ul className="plain-list stack stack--tight">
          {rollouts.map((one) => (
            <li key={one.id}>
              Version {one.challengerVersion} beside {one.championVersion}, up to {one.percent}&nbsp;%{" "}
              <Badge tone={rolloutTones[one.status] ?? "calm"}>
                {rolloutWords[one.status] ?? one.status}
              </Badge>
              {one.endReason && <p className="small soft">{one.endReason}</p>}
            </li>
          ))}
        </ul>
      </div>
    </Card>
  );
}
