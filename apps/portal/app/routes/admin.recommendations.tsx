import {
  Badge,
  BarChart,
  Button,
  Card,
  EmptyState,
  InputField,
  PageHead,
  SelectField,
  StatTile,
  Table,
} from "@almanac/ui";
import { Form, useLoaderData } from "@remix-run/react";
import { formState, useOutcome } from "../outcome.ts";
import { Act, AskFirst, useBusy } from "../parts/act.tsx";
import { HoldoutCard } from "../parts/holdout-card.tsx";
import { OutcomeNotice } from "../parts/outcome-notice.tsx";
import { titled } from "../parts/titled.ts";
import { usePolling } from "../parts/use-polling.ts";
import { adminAction, adminLoader } from "../server/handlers.ts";
import { loadHoldout } from "../server/holdout.ts";
import { count, duration, nameInWords, percent } from "../server/numbers.ts";

const kinds = ["boost", "pin", "bury"] as const;
const targets = ["product", "category", "farm"] as const;
const seasons = ["SPRING", "SUMMER", "FALL", "WINTER"] as const;

export const loader = adminLoader(async ({ api, now }) => {
  const [quality, rules, markets, holdout] = await Promise.all([
    api.admin.recommendations.quality({ days: 14 }),
    api.admin.recommendations.rules(),
    api.markets.list(),
    loadHoldout(api, now),
  ]);
  const { exposure, offline, live, build, forSale } = quality;
  const today = now.toISOString().slice(0, 10);
  const nameOfMarket = new Map<string, string>(markets.map(({ id, name }) => [id, name]));
  return {
    holdout,
    days: quality.days,
    today,
    inAMonth: new Date(now.getTime() + 30 * 86_400_000).toISOString().slice(0, 10),
    markets: markets.map(({ id, name }) => ({ id, name })),
    build: {
      at: build.builtAt?.slice(11, 16),
      took: build.buildMs === undefined ? undefined : duration(build.buildMs),
      failing: build.failing,
    },
    impressions: exposure.impressions,
    /** Of the places where one of them could have been shown. */
    newFarmShare: exposure.forNewFarms === 0 ? undefined : exposure.newFarm / exposure.forNewFarms,
    newFarms: quality.newFarms,
    explored: exposure.explored,
    coverage: forSale === 0 ? 0 : exposure.products / forSale,
    products: exposure.products,
    forSale,
    farms: exposure.farms,
    reasons: exposure.reasons.map(({ reason, count: value }) => ({ label: nameInWords(reason), value })),
    offline: offline && {
      at: offline.evaluatedAt.slice(0, 16).replace("T", " "),
      shoppers: count(offline.shoppers),
      k: offline.k,
      winner: offline.winner,
      arms: offline.arms,
    },
    isJudging: quality.isJudging,
    live: live.map((arm) => ({ ...arm, clickShare: arm.clicked.share, cartShare: arm.carted.share })),
    rules: rules.map((rule) => ({
      id: rule.id,
      kind: rule.kind,
      what: rule.targetName,
      target: rule.target,
      how:
        rule.kind === "boost"
          ? `× ${rule.strength}`
          : rule.kind === "pin"
            ? `place ${rule.strength}`
            : "last",
      where: rule.marketId ? (nameOfMarket.get(rule.marketId) ?? "a market") : (rule.region ?? "everywhere"),
      season: rule.season ? nameInWords(rule.season) : "",
      firstDay: rule.firstDay,
      lastDay: rule.lastDay,
      note: rule.note,
      state: rule.lastDay < today ? "over" : rule.firstDay > today ? "to come" : "holds",
    })),
  };
});

export const action = adminAction({
  create: async ({ api, fields }) => {
    const kind = fields.oneOf("kind", kinds);
    const target = fields.oneOf("target", targets);
    const targetId = fields.text("targetId", { required: "Name a product, a category or a farm." });
    const strength = kind === "bury" ? 1 : fields.decimal("strength", { min: 1, max: 10 });
    if (kind === "boost" && (strength < 1.1 || strength > 3))
      fields.wrong("strength", "A boost is a factor from 1.1 to 3.");
    if (kind === "pin" && !Number.isInteger(strength))
      fields.wrong("strength", "A pin names a place from 1 to 10.");
    if (kind === "pin" && target !== "product") fields.wrong("target", "Only a product can be pinned.");
    const firstDay = fields.text("firstDay", { required: "From which day?" });
    const lastDay = fields.text("lastDay", { required: "Until which day?" });
    if (firstDay !== "" && lastDay !== "" && lastDay < firstDay)
      fields.wrong("lastDay", "Not before the first day.");
    const season = seasons.find((name) => name === fields.text("season")) ?? null;
    const markets = await api.markets.list();
    const marketId = markets.find(({ id }) => id === fields.text("marketId"))?.id ?? null;
    const note = fields.text("note");
    fields.done();
    await api.admin.recommendations.createRule({
      kind,
      target,
      targetId,
      strength,
      marketId,
      season,
      firstDay,
      lastDay,
      note,
    });
    return { message: "The rule holds from the next list on." };
  },
  judge: async ({ api }) => {
    const { isNew } = await api.admin.recommendations.judge();
    return {
      message: isNew
        ? "All arms are being judged on the past. It takes a minute or so; the figures appear here."
        : "They are being judged already.",
    };
  },
  end: async ({ api, fields }) => {
    await api.admin.recommendations.endRule({ id: fields.text("subject") });
    return { message: `The rule about ${fields.text("what")} is ended.` };
  },
});

const kindTone = { boost: "good", pin: "calm", bury: "urgent" } as const;

export const meta = titled("Recommendation quality");

/** How good are they, for whom, and who steers them: offline figures beside live ones, and the operators' rules. */
export default function RecommendationQuality() {
  const view = useLoaderData<typeof loader>();
  const { build, offline, newFarmShare, newFarms } = view;
  usePolling(view.isJudging ? 2_000 : 30_000);
  return (
    <>
      <PageHead
        title="Recommendation quality"
        lead={`What was shown in the last ${view.days} days to those who agreed to it, beside what each night's judgement says.`}
        actions={
          <Badge tone={build.failing ? "urgent" : "good"}>
            {build.failing
              ? "the last build failed"
              : `built at ${build.at ?? "–"} UTC in ${build.took ?? "–"}`}
          </Badge>
        }
      />
      <OutcomeNotice />
      <div className="tile-grid">
        <StatTile
          label="Places shown"
          value={count(view.impressions)}
          change={{ text: `${count(view.explored)} of them drawn by chance` }}
        />
        <StatTile
          label="New and small farms"
          value={newFarmShare === undefined ? "–" : percent(newFarmShare)}
          change={{
            text:
              newFarms === 0
                ? "none is new or small now"
                : `of the places where these ${newFarms} sell; a tenth is for them`,
            tone: newFarms > 0 && newFarmShare !== undefined && newFarmShare < 0.1 ? "urgent" : "calm",
          }}
        />
        <StatTile
          label="Products shown"
          value={percent(view.coverage)}
          change={{
            text: `${count(view.products)} of ${count(view.forSale)}, from ${count(view.farms)} farms`,
          }}
        />
        <StatTile
          label="Best on the past"
          value={offline ? nameInWords(offline.winner) : "–"}
          change={{ text: offline ? `${offline.shoppers} shoppers asked about` : "not judged yet" }}
        />
      </div>
      {view.holdout && <HoldoutCard holdout={view.holdout} />}
      <div className="two-up">
        <OfflineArms offline={offline} isJudging={view.isJudging} />
        <LiveArms live={view.live} />
      </div>
      <div className="beside">
        <div className="stack stack--loose">
          <Rules />
          <NewRule />
        </div>
        <Card>
          {view.reasons.length === 0 ? (
            <EmptyState headingLevel={2} title="No reasons yet">
              <p>They are counted from what is shown.</p>
            </EmptyState>
          ) : (
            <BarChart
              headingLevel={2}
              title="Why things were shown"
              summary="The largest term of each score."
              labelHeader="Reason"
              valueHeader="Places"
              bars={view.reasons}
              format={(value) => value.toLocaleString("en-GB")}
            />
          )}
        </Card>
      </div>
    </>
  );
}

type View = ReturnType<typeof useLoaderData<typeof loader>>;

function OfflineArms({ offline, isJudging }: Pick<View, "offline" | "isJudging">) {
  const judge = isJudging ? (
    <p role="status">
      <Badge>being judged</Badge>{" "}
      <span className="small soft">It takes a minute or so; the figures appear here.</span>
    </p>
  ) : (
    <Act intent="judge" label="Judge now" about="Judge now: all arms on the past" icon="sparkle" />
  );
  if (!offline)
    return (
      <EmptyState headingLevel={2} title="Not judged yet">
        <p>
          Each night all arms are judged on the shop's own past; it takes twenty shoppers with an order in the
          last two weeks.
        </p>
        {judge}
      </EmptyState>
    );
  return (
    <Card>
      <div className="stack">
        <BarChart
          headingLevel={2}
          title="On the shop's own past"
          summary={`How much better than control, in ndcg@${offline.k} with 95\u00a0% intervals. Judged ${offline.at} UTC on the last two weeks.`}
          labelHeader="Arm"
          valueHeader="Difference"
          bars={offline.arms
            .filter(({ arm }) => arm !== "control")
            .map(({ arm, gain, gainMargin }) => ({
              label: nameInWords(arm),
              value: gain,
              lower: gain - gainMargin,
              upper: gain + gainMargin,
            }))}
          format={(value) => value.toFixed(3)}
        />
        <Table
          caption="Figures of the judgement"
          dense
          rows={offline.arms}
          rowKey={({ arm }) => arm}
          columns={[
            { key: "arm", header: "Arm", rowHeader: true, cell: ({ arm }) => nameInWords(arm) },
            { key: "ndcg", header: "ndcg", numeric: true, cell: ({ ndcg }) => ndcg.toFixed(3) },
            { key: "recall", header: "Recall", numeric: true, cell: ({ recall }) => percent(recall) },
            { key: "coverage", header: "Coverage", numeric: true, cell: ({ coverage }) => percent(coverage) },
            {
              key: "fresh",
              header: "New farms",
              numeric: true,
              cell: ({ newFarmShare }) => percent(newFarmShare),
            },
          ]}
        />
        {judge}
      </div>
    </Card>
  );
}

function LiveArms({ live }: { live: View["live"] }) {
  if (live.length === 0)
    return (
      <EmptyState headingLevel={2} title="Nothing shown yet">
        <p>
          Lists are counted when they are shown to a shopper who agreed to it; a look or a cart within the
          hour counts for them.
        </p>
      </EmptyState>
    );
  return (
    <Card>
      <BarChart
        headingLevel={2}
        title="Live, by arm"
        summary={"Of the places shown, how many were looked at within the hour, with 95\u00a0% intervals."}
        labelHeader="Arm"
        valueHeader="Looked at"
        bars={live.map(({ arm, clicked }) => ({
          label: nameInWords(arm),
          value: clicked.share,
          lower: clicked.lower,
          upper: clicked.upper,
        }))}
        format={percent}
      />
      <Table
        caption="Figures by arm"
        folds
        dense
        rows={live}
        rowKey={({ arm }) => arm}
        columns={[
          { key: "arm", header: "Arm", rowHeader: true, cell: ({ arm }) => nameInWords(arm) },
          { key: "slates", header: "Lists", numeric: true, cell: ({ slates }) => count(slates) },
          { key: "places", header: "Places", numeric: true, cell: ({ impressions }) => count(impressions) },
          {
            key: "ctr",
            header: "Looked at",
            numeric: true,
            cell: ({ clicked }) => <Interval {...clicked} />,
          },
          {
            key: "cart",
            header: "Into the cart",
            numeric: true,
            cell: ({ carted }) => <Interval {...carted} />,
          },
        ]}
      />
    </Card>
  );
}

function Interval({ share, lower, upper }: { share: number; lower: number; upper: number }) {
  return (
    <>
      {percent(share)}
      <div className="small soft nowrap">
        {percent(lower)} to {percent(upper)}
      </div>
    </>
  );
}

function NewRule() {
  const { markets, today, inAMonth, rules } = useLoaderData<typeof loader>();
  const form = formState(useOutcome(), "create");
  const busy = useBusy("create");
  return (
    <Card title="Make a rule">
      <Form method="post" className="stack" preventScrollReset key={rules.length}>
        <input type="hidden" name="intent" value="create" />
        <div className="field-row">
          <SelectField
            label="Do what"
            name="kind"
            defaultValue={form.value("kind") || "boost"}
            error={form.problem("kind")}
          >
            <option value="boost">Boost</option>
            <option value="pin">Pin to a place</option>
            <option value="bury">Show last</option>
          </SelectField>
          <SelectField
            label="With a"
            name="target"
            defaultValue={form.value("target") || "product"}
            error={form.problem("target")}
          >
            <option value="product">product</option>
            <option value="category">category</option>
            <option value="farm">farm</option>
          </SelectField>
          <InputField
            label="Name"
            {...form.field("targetId")}
            required
            maxLength={100}
            placeholder="Heirloom tomato"
          />
          <InputField
            label="Factor or place"
            name="strength"
            inputMode="decimal"
            hint="Boost 1.1 to 3, pin 1 to 10"
            defaultValue={form.value("strength") || "1.5"}
            error={form.problem("strength")}
          />
        </div>
        <div className="field-row">
          <SelectField label="At" name="marketId" defaultValue={form.value("marketId")}>
            <option value="">every market</option>
            {markets.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </SelectField>
          <SelectField label="In" name="season" defaultValue={form.value("season")}>
            <option value="">every season</option>
            {seasons.map((season) => (
              <option key={season} value={season}>
                {nameInWords(season)}
              </option>
            ))}
          </SelectField>
          <InputField
            label="From"
            type="date"
            name="firstDay"
            required
            defaultValue={form.value("firstDay") || today}
            error={form.problem("firstDay")}
          />
          <InputField
            label="Until"
            type="date"
            name="lastDay"
            required
            defaultValue={form.value("lastDay") || inAMonth}
            error={form.problem("lastDay")}
          />
        </div>
        <InputField label="Why" optional {...form.field("note")} maxLength={300} />
        <div>
          <Button type="submit" busy={busy}>
            Make the rule
          </Button>
        </div>
      </Form>
    </Card>
  );
}

function Rules() {
  const { rules } = useLoaderData<typeof loader>();
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
              {rule.season && `, in ${rule.season}`}, {rule.firstDay} to {rule.lastDay}
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
