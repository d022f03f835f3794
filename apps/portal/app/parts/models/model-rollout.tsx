import { Badge, Card, Table } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import type { modelVersionLoader } from "../../server/models/model-version.ts";
import { count, duration } from "../../server/words/numbers.ts";
import { Act, AskFirst } from "../forms/act.tsx";
import { farmField, railWords, shareWords } from "./model-words.ts";

const steps = [5, 25, 50, 100] as const;
const tones = { holds: "good", broken: "urgent", "too early": "calm" } as const;

/** The rollout that is under way: its steps, both arms side by side, and what the guardrails say. */
export function RolloutCard() {
  const { rollout, name, farm } = useLoaderData<typeof modelVersionLoader>();
  if (!rollout) return null;
  const fields = farmField(farm);
  const { percent, arms, verdicts, delayMs, challengerVersion } = rollout;
  const armRows = [
    { arm: "champion", ...arms.champion },
    { arm: "challenger", ...arms.challenger },
  ];
  return (
    <Card title={`Rollout of version ${challengerVersion}`} aside={<Badge>{shareWords(percent)}</Badge>}>
      <div className="stack">
        <p className="small">
          {percent === 0
            ? "It answers every question in the background, and nobody is told."
            : "Who has it keeps it while the share grows."}
        </p>
        <div className="cluster">
          {steps.map((step) => (
            <Act
              key={step}
              intent="step"
              subject={name}
              fields={{ ...fields, percent: step }}
              label={`${step}\u00a0%`}
              about={`Roll out to ${step} %`}
              tone={step > percent ? "primary" : "secondary"}
            />
          ))}
        </div>
        <Table
          caption="Since the last step"
          dense
          rows={armRows}
          rowKey={({ arm }) => arm}
          columns={[
            { key: "arm", header: "Arm", rowHeader: true, cell: ({ arm }) => arm },
            { key: "n", header: "Asked", numeric: true, cell: ({ predictions }) => count(predictions) },
            { key: "errors", header: "Failed", numeric: true, cell: ({ errors }) => count(errors) },
            {
              key: "p95",
              header: "p95",
              numeric: true,
              cell: ({ p95Ms }) => (p95Ms === null ? "–" : duration(p95Ms)),
            },
          ]}
        />
        <ul className="plain-list stack stack--tight" aria-label="Guardrails">
          {verdicts.map(({ rail, state, words }) => (
            <li key={rail}>
              <Badge tone={tones[state]}>{state}</Badge> {railWords[rail] ?? rail}
              <p className="small soft">{words}</p>
            </li>
          ))}
        </ul>
        <p className="small soft">
          They are looked at every fifteen seconds. A broken one rolls back by itself.
        </p>
        <div className="cluster">
          <Act intent="watch" label="Look now" icon="eye" />
          <Act intent="stop" subject={name} fields={fields} label="Stop the rollout" />
        </div>
        <AskFirst
          label="Test switch"
          question="In demo and test worlds: makes the challenger slower, to see that the guardrails do their work."
        >
          <div className="cluster">
            <Act
              intent="slowDown"
              subject={name}
              fields={{ ...fields, delayMs: 500 }}
              label="500 ms slower"
            />
            {delayMs > 0 && (
              <Act
                intent="slowDown"
                subject={name}
                fields={{ ...fields, delayMs: 0 }}
                label="As fast as it is"
              />
            )}
          </div>
        </AskFirst>
      </div>
    </Card>
  );
}
