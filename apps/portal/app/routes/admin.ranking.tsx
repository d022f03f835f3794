import { Button, Card, InputField, Notice, PageHead } from "@almanac/ui";
import { Form, useLoaderData, useNavigation, useSearchParams } from "@remix-run/react";
import { formState, useOutcome } from "../outcome.ts";
import { Act, useBusy } from "../parts/forms/act.tsx";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { LearnedCard } from "../parts/ranking/learned-card.tsx";
import { PreviewList } from "../parts/ranking/preview-list.tsx";
import { VersionTable } from "../parts/ranking/version-table.tsx";
import { WeightBar } from "../parts/ranking/weight-bar.tsx";
import { WeightSliders } from "../parts/ranking/weight-sliders.tsx";
import { titled } from "../parts/frame/titled.ts";
import { momentAt } from "../server/words/dates.ts";
import { adminAction, adminLoader } from "../server/request/handlers.ts";
import { readWeights, sharesOf, weightsInAddress } from "../server/operate/ranking-form.ts";
import { findRefusal, wordsFor } from "../server/request/refusals.ts";
import "../ranking.css";

export const loader = adminLoader(async ({ api, url, now }) => {
  const [{ live, versions, switches, liveVersion }, learned] = await Promise.all([
    api.admin.ranking.list(),
    api.admin.ranking.learned({ limit: 7 }),
  ]);
  const from = Number(url.searchParams.get("from") ?? live);
  const origin = versions.find(({ number }) => number === from) ?? liveVersion;
  const asked = weightsInAddress(url);
  const everLive = new Set(switches.map(({ version }) => version));
  const preview = asked
    ? await api.admin.ranking.preview({ weights: asked }).then(
        (found) => ({ found }),
        (error: unknown) => {
          const refusal = findRefusal(error);
          if (!refusal) throw error;
          return { problem: wordsFor(refusal) };
        },
      )
    : undefined;
  return {
    live,
    liveVersion: { number: live, weights: liveVersion.weights, note: liveVersion.note },
    canRollBack: live !== 0 || everLive.has(0),
    from: origin.number,
    start: sharesOf(asked ?? origin.weights),
    note: url.searchParams.get("note") ?? "",
    preview,
    learned: learned.map((night) => ({ ...night, fittedAt: momentAt(night.fittedAt, "UTC", now) })),
    versions: versions.map(({ number, weights, note, authorName, createdAt }) => ({
      number,
      weights,
      note,
      author: number === 0 ? "Almanac" : (authorName ?? "somebody who left"),
      createdAt: createdAt ? momentAt(createdAt, "UTC", now) : "",
      state:
        number === live
          ? ("live" as const)
          : number === 0
            ? ("shipped" as const)
            : everLive.has(number)
              ? ("was live" as const)
              : ("draft" as const),
    })),
    switches: switches.slice(0, 12).map(({ seq, version, previous, kind, actorName, switchedAt }) => ({
      seq,
      words: kind === "published" ? `v${version} went live` : `back to v${version}`,
      previous,
      actor: actorName ?? "somebody who left",
      at: momentAt(switchedAt, "UTC", now),
    })),
  };
});

const mostVersions = 2_000_000_000;

export const action = adminAction({
  draft: async ({ api, fields }) => {
    const weights = readWeights(fields);
    const basedOn = fields.whole("from", { min: 0, max: mostVersions });
    fields.done();
    const { number } = await api.admin.ranking.saveDraft({ weights, basedOn, note: fields.text("note") });
    return { message: `Kept as v${number}. Shoppers see nothing of it yet.` };
  },
  publishNew: async ({ api, fields }) => {
    const weights = readWeights(fields);
    const basedOn = fields.whole("from", { min: 0, max: mostVersions });
    const expectedLive = fields.whole("expectedLive", { min: 0, max: mostVersions });
    fields.done();
    const { number } = await api.admin.ranking.saveDraft({ weights, basedOn, note: fields.text("note") });
    const { previous } = await api.admin.ranking.publish({ number, expectedLive });
    return { message: `v${number} is live.`, undo: undoOf(number, previous) };
  },
  publish: async ({ api, fields }) => {
    const number = fields.whole("subject", { min: 0, max: mostVersions });
    const expectedLive = fields.whole("expectedLive", { min: 0, max: mostVersions });
    fields.done();
    const { previous } = await api.admin.ranking.publish({ number, expectedLive });
    if (previous === number) return { message: `v${number} is live already.` };
    return { message: `v${number} is live.`, undo: undoOf(number, previous) };
  },
  rollBack: async ({ api, fields }) => {
    const expectedLive = fields.whole("expectedLive", { min: 0, max: mostVersions });
    fields.done();
    const { version, previous } = await api.admin.ranking.rollBack({ expectedLive });
    return { message: `Back to v${version}.`, undo: undoOf(version, previous) };
  },
});

function undoOf(live: number, previous: number) {
  return {
    label: `Undo: v${previous} again`,
    fields: { intent: "publish", subject: String(previous), expectedLive: String(live) },
  };
}

export const meta = titled("Search ranking");

export default function Ranking() {
  const data = useLoaderData<typeof loader>();
  const { live, liveVersion, versions, switches, learned } = data;
  return (
    <>
      <PageHead
        title="Search ranking"
        lead="What decides the order of search. Every version is kept; a switch is seen by all shoppers within a second."
      />
      <OutcomeNotice />
      <Card
        title={`Live now: v${live}`}
        aside={
          data.canRollBack && (
            <Act
              intent="rollBack"
              fields={{ expectedLive: live }}
              label="Roll back"
              about="Roll back to what this version replaced"
              icon="undo"
            />
          )
        }
      >
        <WeightBar weights={liveVersion.weights} legend />
        {liveVersion.note && <p className="small soft">{liveVersion.note}</p>}
      </Card>
      <Editor />
      {data.preview && <Preview />}
      <VersionTable versions={versions} live={live} />
      <LearnedCard nights={learned} />
      {switches.length > 0 && (
        <Card title="Switches">
          <ol className="switch-list">
            {switches.map(({ seq, words, previous, actor, at }) => (
              <li key={seq} className="switch-list__item">
                <strong>{words}</strong>
                <span className="small soft">
                  after v{previous} · {actor} · <span className="nowrap">{at} UTC</span>
                </span>
              </li>
            ))}
          </ol>
        </Card>
      )}
    </>
  );
}

function Editor() {
  const { from, start, note, live, versions } = useLoaderData<typeof loader>();
  const form = formState(useOutcome(), "draft");
  const { state, formMethod } = useNavigation();
  const isLooking = state === "loading" && formMethod === undefined;
  const savingDraft = useBusy("draft");
  const publishing = useBusy("publishNew");
  return (
    <Card title={`New version, from v${from}`} className="ranking-editor">
      <Form
        method="post"
        className="stack"
        id="editor"
        preventScrollReset
        key={`${from} ${start.join()} ${versions.length}`}
      >
        <input type="hidden" name="from" value={from} />
        <input type="hidden" name="expectedLive" value={live} />
        <WeightSliders start={start} />
        <InputField
          label="Why?"
          optional
          name="note"
          maxLength={300}
          placeholder="Freshness counts more in August"
          defaultValue={form.value("note", note)}
        />
        <div className="cluster">
          <Button type="submit" formMethod="get" tone="secondary" icon="eye" busy={isLooking}>
            Preview
          </Button>
          <Button type="submit" name="intent" value="draft" tone="secondary" busy={savingDraft}>
            Keep as draft
          </Button>
          <Button type="submit" name="intent" value="publishNew" busy={publishing}>
            Publish
          </Button>
        </div>
      </Form>
    </Card>
  );
}

function Preview() {
  const { preview } = useLoaderData<typeof loader>();
  const [asked] = useSearchParams();
  if (!preview) return null;
  if ("problem" in preview) {
    return (
      <Notice tone="urgent" title="This cannot be previewed" announce="status">
        <p>{preview.problem}</p>
      </Notice>
    );
  }
  const { changedCount, compared, recent, changed, shareOfSearches, against } = preview.found;
  return (
    <Card
      title={`${changedCount} of ${compared} queries change their first three`}
      className="ranking-preview"
    >
      <p className="small soft" role="status">
        Against v{against}, as a visitor sees it: {recent} recent {recent === 1 ? "query" : "queries"} and{" "}
        {compared - recent} standing {compared - recent === 1 ? "one" : "ones"}.{" "}
        {shareOfSearches !== undefined &&
          `${Math.round(shareOfSearches * 100)}\u00a0% of the recent searches are touched. `}
        Taste has no say for a visitor, so moving its weight changes the others’ shares alone.
      </p>
      <PreviewList
        queries={changed}
        hrefOf={(query) => {
          const params = new URLSearchParams(asked);
          params.set("q", query);
          return `/portal/admin/ranking/compare?${params.toString()}`;
        }}
      />
    </Card>
  );
}
