import { Anchor, Card, EmptyState, PageHead, StatTile } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { customersView } from "../server/customer-words.ts";
import { momentAt } from "../server/dates.ts";
import { farmLoader } from "../server/handlers.ts";

export const loader = farmLoader(async ({ api, farm, timeZone, now }) => {
  const [told, zone] = await Promise.all([api.farmCustomers.value({ farmId: farm.id }), timeZone()]);
  return {
    prices: `/portal/farms/${farm.slug}/prices`,
    view: customersView(told) ?? null,
    asOf: told.computedAt === null ? null : momentAt(told.computedAt, zone, now),
  };
});

/** What the farm's shoppers are worth to it, all together. */
export default function Customers() {
  const { prices, view, asOf } = useLoaderData<typeof loader>();
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
          <Card title="How this is worked out">
            <div className="stack">
              {view.notes.map((note) => (
                <p key={note}>{note}</p>
              ))}
              <p>
                Of what each is expected to spend, the part is yours that went to you over the last year.{" "}
                <Anchor href={prices}>Tell your costs</Anchor> with your prices.
              </p>
              <p className="small soft">
                As of {asOf}. Whoever refused to be profiled is not in it, and walk-ins at your stall are not.
              </p>
            </div>
          </Card>
        </>
      )}
    </>
  );
}
