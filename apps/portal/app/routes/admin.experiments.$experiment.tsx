import { Badge, Button, Card, InputField, LineChart, Notice, PageHead, StatTile, Table } from "@almanac/ui";
import { redirect } from "@remix-run/node";
import { Form, useLoaderData } from "@remix-run/react";
import { formState, useOutcome } from "../outcome.ts";
import { Act, AskFirst, useBusy } from "../parts/forms/act.tsx";
import {
  lift,
  metricValue,
  pValue,
  statusTones,
  verdictWords,
} from "../parts/experiments/experiment-words.ts";
import { DraftCard } from "../parts/experiments/draft-card.tsx";
import { InterleavingCard } from "../parts/experiments/interleaving-card.tsx";
import { IntervalPlot, type PlottedInterval } from "../parts/experiments/interval-plot.tsx";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { SplitTable } from "../parts/experiments/split-table.tsx";
import { titled } from "../parts/frame/titled.ts";
import { momentAt } from "../server/words/dates.ts";
import { readPlan } from "../server/experiments/experiment-form.ts";
import { adminAction, adminLoader } from "../server/request/handlers.ts";
import type { Api } from "../server/request/person.ts";

export const loader = adminLoader(async ({ api, params, now }) => {
  const [results, { allowsSimulation, all }] = await Promise.all([
    api.admin.experiments.results({ id: params["experiment"] ?? "" }),
    api.admin.experiments.metrics(),
  ]);
  const { experiment, looks } = results;
  const written = (at: string | null) => (at ? momentAt(at, "UTC", now) : "");
  return {
    ...results,
    allowsSimulation,
    allMetrics: all,
    startedAt: written(experiment.startedAt),
    stoppedAt: written(experiment.stoppedAt),
    looks: looks.map((look) => ({ ...look, at: written(look.at) })),
  };
});

export const action = adminAction({
  start: async ({ api, params }) => {
    await api.admin.experiments.start({ id: params["experiment"] ?? "" });
    return { message: "It runs. Open pages hear of it now." };
  },
  change: async ({ api, params, fields }) => {
    const id = params["experiment"] ?? "";
    const plan = await readPlan(api, fields);
    fields.done();
    const before = planOf(await api.admin.experiments.get({ id }));
    const { namespace, marketIds } = before;
    await api.admin.experiments.update({ ...plan, id, marketIds, ...(namespace && { namespace }) });
    return {
      message: "Saved. Nobody sees anything of it until it is started.",
      undo: { label: "Undo", fields: { intent: "putBack", plan: JSON.stringify(before) } },
    };
  },
  putBack: async ({ api, params, fields }) => {
    // As `change` wrote it; the procedure checks every part of it again.
    const plan = JSON.parse(fields.text("plan")) as ReturnType<typeof planOf>;
    await api.admin.experiments.update({ ...plan, id: params["experiment"] ?? "" });
    return { message: "It is as it was." };
  },
  discard: async ({ api, params }) => {
    await api.admin.experiments.discard({ id: params["experiment"] ?? "" });
    return redirect("/admin/experiments?done=discarded");
  },
  stop: async ({ api, params }) => {
    await api.admin.experiments.stop({ id: params["experiment"] ?? "" });
    return { message: "It is stopped. Open pages show control within two seconds." };
  },
  stopArm: async ({ api, params, fields }) => {
    await api.admin.experiments.stopArm({ id: params["experiment"] ?? "", arm: fields.text("subject") });
    return { message: "The arm is stopped; its shoppers get control." };
  },
  rollOut: async ({ api, params, fields }) => {
    const rollout = fields.decimal("rollout", { min: 0, max: 100 }) / 100;
    fields.done();
    await api.admin.experiments.rollOut({ id: params["experiment"] ?? "", rollout });
    return { message: `${Math.round(rollout * 1000) / 10}\u00a0% of shoppers may take part.` };
  },
  simulate: async ({ api, params, fields }) => {
    const controlShare = fields.optional("controlShare");
    const options = {
      id: params["experiment"] ?? "",
      shoppers: fields.whole("shoppers", { min: 100, max: 20_000 }),
      lift: fields.decimal("lift", { min: -50, max: 100 }) / 100,
      seed: fields.whole("seed", { min: 0, max: 1_000_000_000 }),
      ...(controlShare && { controlShare: fields.decimal("controlShare", { min: 1, max: 99 }) / 100 }),
    };
    fields.done();
    const { exposed } = await api.admin.experiments.simulate(options);
    return { message: `${exposed} simulated shoppers came.` };
  },
});

type Stored = Awaited<ReturnType<Api["admin"]["experiments"]["get"]>>;

/** All that can be changed of a draft, as `update` takes it. */
function planOf({ namespace, kind, ...stored }: Stored) {
  const { name, hypothesis, surface, arms, rollout, marketIds, primaryMetric, guardrails, plannedUnits } =
    stored;
  return {
    name,
    hypothesis,
    surface,
    rollout,
    primaryMetric,
    kind: kind === "interleaving" ? ("interleaving" as const) : ("ab" as const),
    arms: arms.map((arm) => ({ ...arm, config: { ...arm.config } })),
    marketIds: [...marketIds],
    guardrails: [...guardrails],
    ...(plannedUnits !== undefined && { plannedUnits }),
    ...(namespace && { namespace: { name: namespace.name, ...namespace.range } }),
  };
}

export const meta = titled<typeof loader>(({ experiment }) => experiment.name);

export default function ExperimentPage() {
  const { experiment, startedAt, stoppedAt, allowsSimulation, allMetrics } = useLoaderData<typeof loader>();
  const when = startedAt === "" ? "" : ` Since ${startedAt} UTC${stoppedAt && `, until ${stoppedAt}`}.`;
  return (
    <>
      <PageHead
        title={experiment.name}
        lead={`${experiment.hypothesis}${when}`}
        actions={<Badge tone={statusTones[experiment.status] ?? "calm"}>{experiment.status}</Badge>}
      />
      <OutcomeNotice />
      {experiment.stopReason && <Notice title="Stopped">{experiment.stopReason}</Notice>}
      {experiment.hasSimulated && (
        <Notice title="Simulated shoppers are among the exposed">
          These figures prove the plumbing and the statistics, not that an arm is better.
        </Notice>
      )}
      {experiment.status !== "draft" ? (
        <Results />
      ) : experiment.kind === "holdout" ? (
        <StartCard />
      ) : (
        <DraftCard stored={experiment} metrics={allMetrics} />
      )}
      {experiment.status === "running" && <Steering />}
      {experiment.status === "running" && allowsSimulation && <Simulator />}
      <ArmsTable />
    </>
  );
}

function StartCard() {
  return (
    <Card title="Ready to start?">
      <p>Once it runs, only its rollout can be changed, and it or an arm stopped.</p>
      <Act intent="start" label="Start" tone="primary" size="medium" />
    </Card>
  );
}

function Results() {
  const { verdict, ratio, exposed, crossed, comparisons, interleaving, experiment } =
    useLoaderData<typeof loader>();
  const nameOf = useArmName();
  const total = exposed.reduce((sum, { shoppers }) => sum + shoppers, 0);
  const said = verdictWords(verdict, nameOf, {
    exposed: total,
    isStopped: experiment.status === "stopped",
  });
  const primary = usePrimary();
  const first = comparisons.find(({ metric }) => metric === primary?.key);
  const saw = crossed > 0 ? `${crossed} saw two arms and count for their account's` : "nobody saw two arms";
  return (
    <>
      <Notice tone={said.tone} title={said.title}>
        {said.text}
      </Notice>
      {!interleaving && (
        <div className="tile-grid">
          <StatTile label="Shoppers exposed" value={total.toLocaleString("en")} change={{ text: saw }} />
          <StatTile
            label="Sample ratio"
            value={ratio.isAlarm ? "Mismatch" : "As meant"}
            change={{
              text: `χ² ${ratio.chiSquare.toFixed(2)}, p ${pValue(ratio.p)}`,
              tone: ratio.isAlarm ? "urgent" : "good",
            }}
          />
          {first?.relative && (
            <StatTile
              label={primary?.name ?? ""}
              value={lift(first.relative.value)}
              change={{ text: `${lift(first.relative.low)} to ${lift(first.relative.high)}` }}
            />
          )}
        </div>
      )}
      <SplitTable periods={ratio.periods} nameOf={nameOf} />
      {interleaving && (
        <InterleavingCard
          found={interleaving}
          exposed={total}
          control={nameOf(experiment.arms[0]?.key ?? "")}
          arm={nameOf(experiment.arms.at(-1)?.key ?? "")}
        />
      )}
      <Comparisons />
      <Looks />
      <Guardrails />
    </>
  );
}

type Loaded = ReturnType<typeof useLoaderData<typeof loader>>;

function useArmName(): (arm: string) => string {
  const { experiment } = useLoaderData<typeof loader>();
  return (key) => experiment.arms.find((arm) => arm.key === key)?.name ?? key;
}

function usePrimary() {
  const { experiment, metrics } = useLoaderData<typeof loader>();
  return metrics.find(({ key }) => key === experiment.primaryMetric);
}

/** One plot for each arm that is compared; none while the split is wrong. */
function Comparisons() {
  const { comparisons, metrics, values, reference } = useLoaderData<typeof loader>();
  const nameOf = useArmName();
  const arms = [...new Set(comparisons.map(({ arm }) => arm))];
  return arms.map((arm) => (
    <IntervalPlot
      key={arm}
      title={`${nameOf(arm)} against ${nameOf(reference)}`}
      rows={metrics.map((metric): PlottedInterval => {
        const comparison = comparisons.find((one) => one.arm === arm && one.metric === metric.key);
        const valueOf = (key: string) =>
          values.find((one) => one.arm === key && one.metric === metric.key)?.value ?? 0;
        const { value = null, low = null, high = null } = comparison?.relative ?? {};
        return {
          label: metric.name,
          detail: `${metricValue(valueOf(reference), metric.unit)}, ${metricValue(valueOf(arm), metric.unit)}${notes(comparison)}`,
          value,
          low,
          high,
          tone: toneOf(metric.better, low, high),
        };
      })}
    />
  ));
}

function notes(comparison: Loaded["comparisons"][number] | undefined): string {
  if (!comparison) return "";
  const { remainingVariance, clusters } = comparison;
  const past =
    remainingVariance === undefined
      ? ""
      : `; the past took ${Math.round(100 * (1 - remainingVariance))}\u00a0% of the variance`;
  return `${past}${clusters === undefined ? "" : `; widened by ${clusters} market days`}`;
}

function toneOf(better: string, low: number | null, high: number | null): PlottedInterval["tone"] {
  if (low === null || high === null || (low <= 0 && high >= 0)) return "open";
  return low > 0 === (better === "higher") ? "better" : "worse";
}

/** The primary metric at each look. */
function Looks() {
  const { looks, comparisons, experiment, interleaving } = useLoaderData<typeof loader>();
  const primary = usePrimary();
  const nameOf = useArmName();
  const arm = interleaving ? experiment.arms.at(-1)?.key : comparisons[0]?.arm;
  const shown = looks.flatMap(({ units, at, intervals }) => {
    const interval = intervals.find((one) => one.arm === arm);
    return interval ? [{ units, at, ...interval }] : [];
  });
  if (shown.length < 2 || arm === undefined) return null;
  return (
    <Card>
      <LineChart
        title={`${interleaving ? "Preference" : (primary?.name ?? "")}: ${nameOf(arm)} as shoppers came`}
        headingLevel={2}
        summary={
          experiment.plannedUnits && !interleaving
            ? `Each look has its own width, so that all of them together err in 5\u00a0% of cases. ${experiment.plannedUnits} shoppers are planned.`
            : "The interval holds at every look at once."
        }
        labelHeader="Shoppers"
        labels={shown.map(({ units }) => units.toLocaleString("en"))}
        fromZero={false}
        format={lift}
        series={[
          { label: "Difference", values: shown.map(({ value }) => value), colour: 1 },
          { label: "At least", values: shown.map(({ low }) => low), colour: 3, dashed: true },
          { label: "At most", values: shown.map(({ high }) => high), colour: 3, dashed: true },
          { label: "No difference", values: shown.map(() => 0), colour: 4 },
        ]}
      />
    </Card>
  );
}

const guardrailWords = {
  holds: "holds",
  unsure: "not sure yet",
  breached: "broken: the arm was stopped",
} as const;

function Guardrails() {
  const { guardrails, metrics } = useLoaderData<typeof loader>();
  const nameOf = useArmName();
  if (guardrails.length === 0) return null;
  return (
    <Table
      caption="Guardrails: what must not get worse"
      dense
      folds
      rows={guardrails}
      rowKey={({ arm, metric }) => `${arm}/${metric}`}
      columns={[
        {
          key: "metric",
          header: "Metric",
          rowHeader: true,
          cell: ({ metric }) => metrics.find(({ key }) => key === metric)?.name ?? metric,
        },
        { key: "arm", header: "Arm", cell: ({ arm }) => nameOf(arm) },
        {
          key: "margin",
          header: "May be worse by",
          numeric: true,
          cell: ({ margin }) => `${Math.round(margin * 100)}\u00a0%`,
        },
        {
          key: "now",
          header: "Is",
          numeric: true,
          cell: ({ relative }) => (relative ? `${lift(relative.low)} to ${lift(relative.high)}` : "–"),
        },
        {
          key: "state",
          header: "State",
          cell: ({ state }) => (
            <Badge tone={state === "breached" ? "urgent" : state === "holds" ? "good" : "calm"}>
              {guardrailWords[state]}
            </Badge>
          ),
        },
      ]}
    />
  );
}

function Steering() {
  const { experiment } = useLoaderData<typeof loader>();
  const form = formState(useOutcome(), "rollOut");
  const busy = useBusy("rollOut");
  return (
    <Card title="While it runs">
      <div className="stack">
        <Form method="post" className="cluster cluster--end" preventScrollReset>
          <input type="hidden" name="intent" value="rollOut" />
          <InputField
            label="Shoppers who may take part, %"
            {...form.field("rollout", String(Math.round(experiment.rollout * 1000) / 10))}
            inputMode="decimal"
          />
          <Button type="submit" tone="secondary" busy={busy}>
            Set the rollout
          </Button>
        </Form>
        <AskFirst label="Stop the experiment" question="Everybody gets control, at once and for good.">
          <Act intent="stop" label="Stop it" tone="warm" size="medium" />
        </AskFirst>
      </div>
    </Card>
  );
}

function Simulator() {
  const form = formState(useOutcome(), "simulate");
  const busy = useBusy("simulate");
  const field = (name: string, label: string, stored: string, hint?: string) => (
    <InputField
      label={label}
      name={name}
      inputMode="decimal"
      hint={hint}
      defaultValue={form.value(name, stored)}
      error={form.problem(name)}
    />
  );
  return (
    <Card title="Simulate traffic">
      <Form method="post" className="stack" preventScrollReset>
        <input type="hidden" name="intent" value="simulate" />
        <p className="small soft">
          Made-up shoppers whose clicks follow a known truth. Only in demo and test worlds.
        </p>
        <div className="field-row">
          {field("shoppers", "Shoppers", "4000")}
          {field("lift", "True lift of clicks, %", "20")}
        </div>
        <div className="field-row">
          {field(
            "controlShare",
            "Force control's share, %",
            "",
            "Empty: as the hash deals. 46 breaks the split.",
          )}
          {field("seed", "Seed", "42")}
        </div>
        <div>
          <Button type="submit" tone="secondary" busy={busy}>
            Simulate
          </Button>
        </div>
      </Form>
    </Card>
  );
}

function ArmsTable() {
  const { exposed, experiment } = useLoaderData<typeof loader>();
  const everybody = exposed.reduce((sum, { shoppers }) => sum + shoppers, 0);
  const isStopped = (arm: string) => experiment.stoppedArms.includes(arm);
  return (
    <Table
      caption="Arms"
      dense
      folds
      rows={exposed}
      rowKey={({ arm }) => arm}
      columns={[
        { key: "arm", header: "Arm", rowHeader: true, cell: ({ name }) => name },
        {
          key: "share",
          header: "Share",
          numeric: true,
          cell: ({ weight }) => `${Math.round(weight * 1000) / 10}\u00a0%`,
        },
        {
          key: "n",
          header: "Shoppers",
          numeric: true,
          // Where both arms are in one list, whoever saw one saw the other.
          cell: ({ shoppers }) =>
            (experiment.kind === "interleaving" ? everybody : shoppers).toLocaleString("en"),
        },
        {
          key: "config",
          header: "Sets",
          cell: ({ arm }) => <code className="small">{settingsOf(experiment, arm)}</code>,
        },
        {
          key: "act",
          header: <span className="visually-hidden">Act</span>,
          cell: ({ arm, name }) =>
            isStopped(arm) ? (
              <Badge tone="urgent">stopped</Badge>
            ) : experiment.status === "running" && arm !== experiment.arms[0]?.key ? (
              <AskFirst label="Stop" about={`Stop ${name}`} question="Its shoppers get control from now on.">
                <Act intent="stopArm" subject={arm} label="Stop the arm" tone="warm" />
              </AskFirst>
            ) : null,
        },
      ]}
    />
  );
}

function settingsOf(experiment: Loaded["experiment"], key: string): string {
  const config = experiment.arms.find((arm) => arm.key === key)?.config ?? {};
  const lines = Object.entries(config).map(([name, value]) => `${name} = ${String(value)}`);
  return lines.length > 0 ? lines.join(", ") : "nothing";
}
