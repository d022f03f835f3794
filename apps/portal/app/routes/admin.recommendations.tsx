import { Badge, BarChart, Card, EmptyState, Notice, PageHead, StatTile } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { HoldoutCard } from "../parts/experiments/holdout-card.tsx";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { DrawnPlaces } from "../parts/recommendations/drawn-places.tsx";
import { LiveArms } from "../parts/recommendations/live-arms.tsx";
import { NewRule } from "../parts/recommendations/new-rule.tsx";
import { OfflineArms } from "../parts/recommendations/offline-arms.tsx";
import { RuleTable } from "../parts/recommendations/rule-table.tsx";
import { kinds, seasons, targets } from "../parts/recommendations/rule-terms.ts";
import { titled } from "../parts/frame/titled.ts";
import { usePolling } from "../parts/frame/use-polling.ts";
import { momentAt } from "../server/words/dates.ts";
import { adminAction, adminLoader } from "../server/request/handlers.ts";
import { loadHoldout } from "../server/experiments/holdout.ts";
import { count, duration, nameInWords, percent } from "../server/words/numbers.ts";

const wayLabels: Readonly<Record<string, string>> = {
  "as drawn": "as it is drawn",
  evenly: "with the same chance for all",
};

export const loader = adminLoader(async ({ api, now }) => {
  const [quality, rules, markets, holdout, generated] = await Promise.all([
    api.admin.recommendations.quality({ days: 14 }),
    api.admin.recommendations.rules(),
    api.markets.list(),
    loadHoldout(api, now),
    api.admin.demo.recommendations(),
  ]);
  const demo =
    generated && Date.parse(generated.until) > now.getTime() - quality.days * 86_400_000 ? generated : null;
  const truth: Readonly<Record<string, number>> = { ...demo?.truth.arms, ...demo?.truth.drawn };
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
    live: live.map((arm) => ({ ...arm, truth: truth[arm.arm] })),
    drawn: quality.drawn
      .map((way) => ({
        ...way,
        label: wayLabels[way.drawn] ?? `always ${way.farm ?? "another farm"}`,
        truth: truth[way.drawn],
      }))
      .toSorted((a, b) => Number(a.farm !== null) - Number(b.farm !== null)),
    demo: demo && {
      lists: count(demo.lists),
      from: momentAt(demo.from, "UTC", now),
      until: momentAt(demo.until, "UTC", now),
    },
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
      {view.demo && (
        <Notice title="Demo data">
          {view.demo.lists} lists, from {view.demo.from} to {view.demo.until} UTC, were generated with the
          demo world, and so was what came of them: they prove the figures, not the arms. What the generator
          knows stands beside what was found out; lists that you look at yourself are added.
        </Notice>
      )}
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
      <div className={offline ? "two-up" : "stack stack--loose"}>
        <LiveArms live={view.live} />
        <OfflineArms offline={offline} isJudging={view.isJudging} />
      </div>
      <DrawnPlaces drawn={view.drawn} />
      <div className="beside">
        <div className="stack stack--loose">
          <RuleTable rules={view.rules} />
          <NewRule
            markets={view.markets}
            today={view.today}
            inAMonth={view.inAMonth}
            rules={view.rules.length}
          />
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
