import { Anchor, BarChart, Card, EmptyState, PageHead, StatTile } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { OwnModelCard } from "../parts/models/own-model-card.tsx";
import { titled } from "../parts/frame/titled.ts";
import { farmCustomersLoader } from "../server/models/farm-customers.ts";

export const loader = farmCustomersLoader;

export const meta = titled("Customers");

/** What the farm's shoppers are worth to it, all together. */
export default function Customers() {
  const { prices, view, isOwn, groups, model, asOf } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        title="Customers"
        lead="What your shoppers are expected to bring you in the coming half-year, all together. Nobody is named."
      />
      {view === null ? (
        <EmptyState
          title={asOf === null ? "Nothing is expected yet" : "Too few to be told of"}
          headingLevel={2}
        >
          {asOf === null
            ? "This fills in the night after a model of what shoppers are worth went live."
            : "From ten shoppers in a year on, this page tells what they are worth to you. Of fewer, each could be found out."}
        </EmptyState>
      ) : (
        <>
          <div className="tile-grid day-tiles">
            {view.tiles.map((tile) => (
              <StatTile key={tile.label} {...tile} />
            ))}
          </div>
          {groups && (
            <Card>
              <BarChart
                headingLevel={2}
                title="How often they are expected"
                summary={groups.summary}
                labelHeader="Within half a year"
                valueHeader="Shoppers"
                bars={groups.bars}
                format={(value) => value.toLocaleString("en-GB")}
              />
            </Card>
          )}
          <Card title="How this is worked out">
            <div className="stack">
              {view.notes.map((note) => (
                <p key={note}>{note}</p>
              ))}
              <p>
                {isOwn
                  ? "The sales are those that your farm’s own model expects of all who ordered from you."
                  : "Of what each is expected to spend, the part is yours that went to you over the last year."}{" "}
                <Anchor href={prices}>Tell your costs</Anchor> with your prices.
              </p>
              <p className="small soft">
                As of {asOf}. Whoever refused to be profiled is not in it, and walk-ins at your stall are not.
              </p>
            </div>
          </Card>
        </>
      )}
      {model.serving && <OwnModelCard model={model} />}
    </>
  );
}
