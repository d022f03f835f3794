import { Card, EmptyState, LinkButton, PageHead } from "@almanac/ui";
import { data } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import type { CSSProperties } from "react";
import { Moved } from "../parts/ranking/preview-list.tsx";
import { percent, terms } from "../parts/ranking/terms.ts";
import { WeightBar } from "../parts/ranking/weight-bar.tsx";
import { titled } from "../parts/frame/titled.ts";
import { adminLoader } from "../server/request/handlers.ts";
import { weightsInAddress } from "../server/operate/ranking-form.ts";
import "../ranking.css";

export const loader = adminLoader(async ({ api, url }) => {
  const weights = weightsInAddress(url);
  if (!weights) throw data({ message: "This address names no weights to compare with." }, { status: 404 });
  const query = (url.searchParams.get("q") ?? "").slice(0, 200);
  const [found, { liveVersion }] = await Promise.all([
    api.admin.ranking.compare({ query, weights }),
    api.admin.ranking.list({ limit: 1 }),
  ]);
  url.searchParams.delete("q");
  return { ...found, weights, liveWeights: liveVersion.weights, back: `/portal/admin/ranking${url.search}` };
});

export const meta = titled("Two orders of one search");

/** One query in both orders, with what each term gave to each place. */
export default function CompareOrders() {
  const { query, total, before, after, against, weights, liveWeights, back } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        title={query === "" ? "The whole shop" : `“${query}”`}
        lead={`The first places of ${total}, as a visitor sees them, and what each term gives to the score.`}
        actions={
          <LinkButton href={back} tone="secondary">
            Back to the preview
          </LinkButton>
        }
      />
      {total === 0 ? (
        <EmptyState title="Nothing answers to this" headingLevel={2}>
          <p>There is no order to compare.</p>
        </EmptyState>
      ) : (
        <>
          <fieldset className="compare-switch">
            <legend className="visually-hidden">Which order is shown</legend>
            {sides.map(({ value, label }) => (
              <label key={value} className="compare-switch__side">
                <input type="radio" name="side" value={value} defaultChecked={value === "then"} />
                {label}
              </label>
            ))}
          </fieldset>
          <div className="beside beside--even compare-orders">
            <Order title={`Now: v${against}`} weights={liveWeights} products={before} />
            <Order title="Then" weights={weights} products={after} withMoves />
          </div>
        </>
      )}
    </>
  );
}

/** On a phone one of the two is shown. */
const sides = [
  { value: "now", label: "Now" },
  { value: "then", label: "Then" },
] as const;

type Loaded = ReturnType<typeof useLoaderData<typeof loader>>;

function Order({
  title,
  weights,
  products,
  withMoves = false,
}: {
  title: string;
  weights: Loaded["weights"];
  products: Loaded["before"];
  withMoves?: boolean;
}) {
  return (
    <Card title={title}>
      <WeightBar weights={weights} />
      <ol className="preview-side__list">
        {products.map(({ id, name, farm, score, terms: given, moved }, place) => (
          <li key={id} className={place < 3 ? "compared preview-row--top" : "compared"}>
            <div className="preview-row">
              <span className="preview-row__place">{place + 1}</span>
              <span className="preview-row__name">
                {name} <span className="small soft">{farm}</span>
              </span>
              {withMoves && <Moved by={moved} />}
              <strong className="compared__score">{score.toFixed(3)}</strong>
            </div>
            <ScoreBar given={given} />
          </li>
        ))}
      </ol>
    </Card>
  );
}

/** The parts of a score on a line of 1, with the same in words. */
function ScoreBar({ given }: { given: Loaded["before"][number]["terms"] }) {
  const rest = Math.max(0, 1 - given.reduce((sum, { contribution }) => sum + contribution, 0));
  const shown = given.map((part) => ({
    ...part,
    label: terms.find(({ key }) => key === part.term)?.label ?? "",
  }));
  return (
    <>
      <div className="weight-bar compared__bar" aria-hidden>
        {shown.map(({ term, contribution }) => (
          <span
            key={term}
            className={`weight-bar__part weight-bar__part--${term}`}
            style={{ "--share": contribution } as CSSProperties}
          />
        ))}
        <span className="weight-bar__part" style={{ "--share": rest } as CSSProperties} />
      </div>
      <ul className="small compared__terms">
        {shown
          .filter(({ weight }) => weight > 0)
          .map(({ term, label, value, weight, contribution }) => (
            <li key={term} className="compared__term">
              <span className={`weight-legend__dot weight-bar__part--${term}`} aria-hidden />
              <span className="soft">{label}</span> {contribution.toFixed(3)}
              <span className="soft compared__sum">
                {value.toFixed(2)} × {percent(weight)}
              </span>
            </li>
          ))}
      </ul>
    </>
  );
}
