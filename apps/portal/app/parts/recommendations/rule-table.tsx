import { Badge, Table } from "@almanac/ui";
import { Act, AskFirst } from "../forms/act.tsx";
import type { RuleKind } from "./rule-terms.ts";

/** A rule as the page writes it. */
export interface RuleView {
  readonly id: string;
  readonly kind: RuleKind;
  readonly what: string;
  readonly target: string;
  readonly how: string;
  readonly where: string;
  readonly season: string;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly note: string;
  readonly state: string;
}

const kindTone = { boost: "good", pin: "calm", bury: "urgent" } as const;

/** The operators' rules, those that are over included, each with a way to end it. */
export function RuleTable({ rules }: { rules: readonly RuleView[] }) {
  return (
    <Table
      caption="Rules"
      dense
      rows={rules}
      rowKey={({ id }) => id}
      empty="No rule: what is shown follows the scores alone."
      columns={[
        {
          key: "what",
          header: "About",
          rowHeader: true,
          cell: (rule) => (
            <>
              {rule.what} <span className="small soft">{rule.target}</span>
            </>
          ),
        },
        {
          key: "kind",
          header: "Does",
          cell: (rule) => (
            <span className="nowrap">
              <Badge tone={kindTone[rule.kind]}>{rule.kind}</Badge> {rule.how}
            </span>
          ),
        },
        { key: "state", header: "Now", cell: (rule) => rule.state },
        {
          key: "where",
          header: "Where and when",
          cell: (rule) => (
            <span className="small">
              {rule.where}
              {rule.season && `, in ${rule.season}`}, <span className="nowrap">{rule.firstDay}</span> to{" "}
              <span className="nowrap">{rule.lastDay}</span>
            </span>
          ),
        },
        { key: "note", header: "Why", cell: (rule) => <span className="small">{rule.note}</span> },
        {
          key: "act",
          header: <span className="visually-hidden">Act</span>,
          cell: (rule) => (
            <AskFirst
              label="End"
              about={`End the rule about ${rule.what}`}
              question="It stops at once; the audit log keeps it."
            >
              <Act intent="end" subject={rule.id} fields={{ what: rule.what }} label="End it" tone="warm" />
            </AskFirst>
          ),
        },
      ]}
    />
  );
}
